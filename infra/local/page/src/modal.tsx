// The topmost modal of a person, with its form: errors stand at their field.
import { useContext, useEffect, useId, useMemo, useRef, useState } from "react";
import type { FormEvent } from "react";
import { ActingContext, stateValue } from "./acting";
import { post, Refused } from "./api";
import { Blocks } from "./blocks";
import { useDialog } from "./dialog";
import { outcome } from "./outcome";
import { plain } from "./text";
import type { Block, Screen, Sent, Submitted, Values, View } from "./types";

export function Modal({ screen, view, depth }: { screen: Screen; view: View; depth: number }) {
  const dialog = useRef<HTMLDialogElement>(null);
  const form = useRef<HTMLFormElement>(null);
  const title = useId();
  const [typed, setTyped] = useState<Values>({});
  const [errors, setErrors] = useState<Record<string, string>>({});
  const [trouble, setTrouble] = useState("");
  const [busy, setBusy] = useState(false);
  const { people, talks } = useContext(ActingContext);
  const user = screen.me.id;
  const app = screen.app.name;

  useDialog(dialog);
  useEffect(() => firstField(form.current)?.focus(), []);
  useEffect(() => {
    if (Object.keys(errors).length) form.current?.querySelector<HTMLElement>(".wrong input, .wrong select, .wrong textarea")?.focus();
  }, [errors]);

  const values = useMemo(() => within(view.blocks, typed), [view.blocks, typed]);
  const acting = useMemo(
    () => ({
      people,
      talks,
      press: (block: Block, element: { action_id: string }, value?: unknown) => {
        const where = { user, view: view.id, block_id: block.block_id, action_id: element.action_id, values };
        return outcome(app, () => post<Sent>("press", value === undefined ? where : { ...where, value }));
      },
      value: (block: Block, element: { action_id: string }) => {
        const own = typed[block.block_id];
        return own && element.action_id in own ? own[element.action_id] : stateValue(view.state.values[block.block_id]?.[element.action_id]);
      },
      set: (block: Block, element: { action_id: string }, value: unknown) => {
        setTyped((before) => ({ ...before, [block.block_id]: { ...before[block.block_id], [element.action_id]: value } }));
        setErrors(({ [block.block_id]: _, ...rest }) => rest);
      },
    }),
    [typed, values, view, user, app, people, talks],
  );

  const submit = async (event: FormEvent) => {
    event.preventDefault();
    if (busy) return;
    const lacking = problems(view.blocks, acting.value);
    setErrors(lacking);
    if (Object.keys(lacking).length) return;
    setBusy(true);
    setTrouble("");
    try {
      const done = await post<Submitted>("submit", { user, view_id: view.id, values });
      if (done.status !== 200) setTrouble(`We had some trouble connecting to ${app}. Try again?`);
      setErrors(done.errors ?? {});
    } catch (failed) {
      setTrouble(failed instanceof Refused ? failed.message : "The local Slack does not answer. Is it still running?");
    } finally {
      setBusy(false);
    }
  };
  const leaving = useRef(false);
  const close = () => {
    if (leaving.current) return;
    leaving.current = true;
    void post("close", { user, view_id: view.id }).catch(() => (leaving.current = false));
  };

  return (
    <dialog
      ref={dialog}
      className="dialog"
      aria-labelledby={title}
      onCancel={(event) => {
        event.preventDefault();
        close();
      }}
    >
      <form ref={form} onSubmit={submit} noValidate>
        <header className="bar">
          <h2 id={title}>{plain(view.title)}</h2>
          <button type="button" className="button icon" aria-label={depth > 1 ? "Back" : "Close"} onClick={close}>
            {depth > 1 ? "←" : "✕"}
          </button>
        </header>
        <div className="dialog-body">
          <p className="trouble" role="alert">
            {trouble}
          </p>
          <ActingContext.Provider value={acting}>
            <Blocks blocks={view.blocks} errors={errors} />
          </ActingContext.Provider>
          <p className="hidden" role="alert">
            {Object.values(errors).join(" ")}
          </p>
        </div>
        <footer>
          <button type="button" className="button" onClick={close}>
            {plain(view.close ?? undefined) || (view.submit ? "Cancel" : "Close")}
          </button>
          {view.submit && (
            <button type="submit" className={`button primary ${busy ? "busy" : ""}`} aria-busy={busy}>
              {plain(view.submit)}
            </button>
          )}
        </footer>
      </form>
    </dialog>
  );
}

function firstField(form: HTMLFormElement | null): HTMLElement | null {
  const find = (wanted: string) => form?.querySelector<HTMLElement>(`.dialog-body :is(${wanted})`) ?? null;
  const first = find("input, select, textarea");
  const chosen = first instanceof HTMLInputElement && first.type === "radio" ? find(`input[name="${CSS.escape(first.name)}"]:checked`) : null;
  return chosen ?? first ?? find("button") ?? form?.querySelector<HTMLElement>("footer button") ?? null;
}

// What was typed, without fields that the app has taken away since.
function within(blocks: Block[], typed: Values): Values {
  const there = new Set(blocks.map((block) => block.block_id));
  return Object.fromEntries(Object.entries(typed).filter(([block]) => there.has(block)));
}

// What Slack itself finds wrong before it sends a form.
function problems(blocks: Block[], value: (block: Block, element: { action_id: string }) => unknown): Record<string, string> {
  const found: Record<string, string> = {};
  for (const block of blocks) {
    if (block.type !== "input" || !block.element) continue;
    const given = value(block, block.element);
    const empty = given === undefined || given === null || given === "" || (Array.isArray(given) && !given.length);
    const { type, min_length = 0, is_decimal_allowed } = block.element;
    if (empty) {
      if (!block.optional) found[block.block_id] = "This field is needed.";
    } else if (String(given).length < min_length) found[block.block_id] = `At least ${min_length} characters are needed.`;
    else if (type === "email_text_input" && !/^\S+@\S+\.\S+$/.test(String(given))) found[block.block_id] = "An e-mail address is needed, like ana@example.com.";
    else if (type === "url_text_input" && !URL.canParse(String(given))) found[block.block_id] = "A link is needed, like https://example.com.";
    else if (type === "number_input") {
      const wrong = wrongNumber(String(given), block.element.min_value, block.element.max_value, is_decimal_allowed ?? false);
      if (wrong) found[block.block_id] = wrong;
    }
  }
  return found;
}

function wrongNumber(text: string, least: string | undefined, most: string | undefined, decimals: boolean): string {
  const number = Number(text);
  if (Number.isNaN(number)) return "A number is needed.";
  if (!decimals && !Number.isInteger(number)) return "A whole number is needed.";
  if (least !== undefined && number < Number(least)) return `${least} is the least.`;
  return most !== undefined && number > Number(most) ? `${most} is the most.` : "";
}
