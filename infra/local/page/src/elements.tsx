// Block Kit's interactive elements, made of the browser's own controls: they know the keyboard, the phone and the screen reader.
import { useContext, useId, useState } from "react";
import { ActingContext } from "./acting";
import { useConfirm } from "./confirm";
import { Menu } from "./menu";
import { plain } from "./text";
import type { Block, Element, Option } from "./types";

type Props = { block: Block; element: Element; live: boolean; trouble: (sentence: string) => void };
type FieldProps = { id?: string; label?: string; invalid?: boolean; describedBy?: string; required?: boolean };

// `live`: a choice is sent to the app at once; in a field of a form it waits for the submit.
export function Interactive(props: Props & FieldProps) {
  const kind = props.element.type;
  if (kind === "button" || kind === "workflow_button" || kind === "icon_button") return <Button {...props} />;
  if (kind === "feedback_buttons") return null;
  if (kind === "overflow") return <Overflow {...props} />;
  return <Field {...props} />;
}

function useSend({ block, element, trouble }: Props): [boolean, (value?: unknown) => Promise<void>] {
  const [busy, setBusy] = useState(false);
  const { press } = useContext(ActingContext);
  const ask = useConfirm();
  const send = async (value?: unknown) => {
    if (busy || !(await ask(element.confirm))) return;
    setBusy(true);
    trouble("");
    try {
      trouble(await press(block, element, value));
    } finally {
      setBusy(false);
    }
  };
  return [busy, send];
}

function Button(props: Props) {
  const { element } = props;
  const [busy, send] = useSend(props);
  const known = {
    className: `button ${element.style ?? ""} ${busy ? "busy" : ""}`,
    "aria-label": element.accessibility_label,
    "aria-busy": busy,
    "data-action": element.action_id,
    onClick: () => void send(element.value),
  };
  if (element.url) {
    return (
      <a {...known} href={element.url} target="_blank" rel="noopener noreferrer">
        {plain(element.text)}
      </a>
    );
  }
  return (
    <button type="button" {...known}>
      {plain(element.text)}
    </button>
  );
}

function Overflow(props: Props) {
  const [busy, send] = useSend(props);
  const choices = (props.element.options ?? []).map((one) => ({ key: one.value, label: plain(one.text), note: plain(one.description) }));
  return <Menu label="More actions" face={<span className="dots">⋮</span>} choices={choices} disabled={busy} onChoose={(key) => void send(key)} />;
}

function Field(props: Props & FieldProps) {
  const { block, element, live } = props;
  const { value, set, people, talks } = useContext(ActingContext);
  const [, send] = useSend(props);
  const now = value(block, element);
  const choose = (next: unknown) => {
    set(block, element, next);
    if (live) void send(next);
  };
  const given = { ...props, now, choose };
  const everyone = people.filter((p) => !p.deleted).map((p) => ({ value: p.id, text: { type: "plain_text" as const, text: p.real_name } }));
  const rooms = talks.map((t) => ({ value: t.id, text: { type: "plain_text" as const, text: t.kind === "dm" ? t.name : `#${t.name}` } }));

  switch (element.type) {
    case "radio_buttons":
      return <Boxes {...given} kind="radio" options={element.options ?? []} />;
    case "checkboxes":
      return <Boxes {...given} kind="checkbox" options={element.options ?? []} />;
    case "static_select":
      return <Select {...given} options={element.options ?? []} />;
    case "users_select":
      return <Select {...given} options={everyone} />;
    case "channels_select":
    case "conversations_select":
      return <Select {...given} options={rooms} />;
    case "multi_static_select":
      return <Several {...given} options={element.options ?? element.option_groups?.flatMap((group) => group.options) ?? []} />;
    case "multi_users_select":
      return <Several {...given} options={everyone} />;
    case "multi_channels_select":
    case "multi_conversations_select":
      return <Several {...given} options={rooms} />;
    case "external_select":
    case "multi_external_select":
    case "file_input":
      return <p className="unplayed">{`A ${element.type.replaceAll("_", " ")} is not played here.`}</p>;
    default:
      return <Typed {...given} />;
  }
}

type Chosen = Props & FieldProps & { now: unknown; choose: (value: unknown) => void };

function named({ id, label, invalid, describedBy, required, element }: Chosen) {
  return {
    id,
    "data-action": element.action_id,
    "aria-label": id ? undefined : label || plain(element.placeholder) || element.action_id,
    "aria-invalid": invalid || undefined,
    "aria-describedby": describedBy,
    "aria-required": required || undefined,
  };
}

function Select(props: Chosen & { options: Option[] }) {
  const { element, now, choose, options } = props;
  const one = (option: Option) => (
    <option key={option.value} value={option.value}>
      {plain(option.text)}
    </option>
  );
  return (
    <select {...named(props)} className="field select" value={String(now ?? "")} onChange={(event) => choose(event.target.value)}>
      <option value="" disabled={now !== undefined && props.live}>
        {plain(element.placeholder) || "Choose one"}
      </option>
      {element.option_groups
        ? element.option_groups.map((group) => (
            <optgroup key={plain(group.label)} label={plain(group.label)}>
              {group.options.map(one)}
            </optgroup>
          ))
        : options.map(one)}
    </select>
  );
}

function Boxes(props: Chosen & { kind: "radio" | "checkbox"; options: Option[] }) {
  const { kind, now, choose, options, describedBy, invalid, label, element, required } = props;
  const group = useId();
  const chosen = Array.isArray(now) ? now : [now];
  const toggled = (value: string) => (kind === "radio" ? value : flipped(Array.isArray(now) ? now : [], value, options));
  return (
    <div
      role={kind === "radio" ? "radiogroup" : "group"}
      className={`boxes ${invalid ? "invalid" : ""}`}
      aria-label={label || element.action_id}
      aria-describedby={describedBy}
      aria-required={kind === "radio" ? required : undefined}
      aria-invalid={kind === "radio" ? invalid || undefined : undefined}
    >
      {options.map((option) => (
        <label key={option.value} className="box">
          <input type={kind} name={group} value={option.value} checked={chosen.includes(option.value)} onChange={() => choose(toggled(option.value))} />
          <span>
            {plain(option.text)}
            {option.description && <small>{plain(option.description)}</small>}
          </span>
        </label>
      ))}
    </div>
  );
}

function Several(props: Chosen & { options: Option[] }) {
  const count = Array.isArray(props.now) ? props.now.length : 0;
  return (
    <details className="several">
      <summary className="field">{count ? `${count} chosen` : plain(props.element.placeholder) || "Choose some"}</summary>
      <Boxes {...props} kind="checkbox" />
    </details>
  );
}

function flipped(chosen: unknown[], value: string, options: Option[]): string[] {
  const now = chosen.includes(value) ? chosen.filter((one) => one !== value) : [...chosen, value];
  return options.map((option) => option.value).filter((one) => now.includes(one));
}

const KINDS: Record<string, string> = {
  datepicker: "date",
  timepicker: "time",
  datetimepicker: "datetime-local",
  email_text_input: "email",
  url_text_input: "url",
  number_input: "text",
};

function Typed(props: Chosen) {
  const { element, now, live } = props;
  const { block } = props;
  const { set } = useContext(ActingContext);
  const picker = element.type in KINDS && element.type.endsWith("picker");
  const text = shownText(element, now);
  const keep = (words: string) => {
    const next = keptValue(element, words);
    return picker ? props.choose(next) : set(block, element, next);
  };
  const shared = {
    ...named(props),
    className: "field",
    value: text,
    placeholder: plain(element.placeholder),
    maxLength: element.max_length,
    onBlur: () => live && !picker && text && props.choose(now),
  };
  if (element.multiline || element.type === "rich_text_input") {
    return <textarea {...shared} rows={4} onChange={(event) => keep(event.target.value)} />;
  }
  const digits = element.type === "number_input" ? { inputMode: element.is_decimal_allowed ? ("decimal" as const) : ("numeric" as const) } : {};
  return <input {...shared} {...digits} type={KINDS[element.type] ?? "text"} onChange={(event) => keep(event.target.value)} />;
}

function shownText(element: Element, value: unknown): string {
  if (element.type === "datetimepicker" && typeof value === "number") {
    const at = new Date(value * 1000);
    return new Date(at.getTime() - at.getTimezoneOffset() * 60_000).toISOString().slice(0, 16);
  }
  if (element.type === "rich_text_input" && typeof value === "object" && value) return richText(value);
  return value === undefined || value === null ? "" : String(value);
}

function keptValue(element: Element, words: string): unknown {
  if (element.type === "datetimepicker") return words ? Math.round(new Date(words).getTime() / 1000) : "";
  if (element.type !== "rich_text_input" || !words) return words;
  return { type: "rich_text", elements: [{ type: "rich_text_section", elements: [{ type: "text", text: words }] }] };
}

function richText(node: object): string {
  if ("text" in node) return String(node.text);
  return "elements" in node && Array.isArray(node.elements) ? node.elements.map(richText).join("") : "";
}
