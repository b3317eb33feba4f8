// Where one writes: messages, and slash commands with what the manifest tells of them.
import { useId, useRef, useState } from "react";
import type { KeyboardEvent } from "react";
import { post } from "./api";
import { Menu } from "./menu";
import { outcome } from "./outcome";
import type { Command, Screen, Sent } from "./types";

type Props = { screen: Screen; channel: string; name: string; thread?: string };

export function Composer({ screen, channel, name, thread = "" }: Props) {
  const [text, setText] = useState("");
  const [trouble, setTrouble] = useState("");
  const [picked, setPicked] = useState(0);
  const field = useRef<HTMLTextAreaElement>(null);
  const id = useId();
  const user = screen.me.id;
  const { hints, chosen } = offered(screen.app.commands, text);
  const active = Math.min(picked, hints.length - 1);

  const complete = (command: Command) => {
    setText(`${command.command} `);
    setPicked(0);
    field.current?.focus();
  };
  const send = async () => {
    const said = text.trim();
    if (!said) return;
    const [first = "", ...rest] = said.split(" ");
    if (first.startsWith("/") && !screen.app.commands.some(({ command }) => command === first)) {
      setTrouble(`${first} is not a command of ${screen.app.name}.`);
      return;
    }
    setText("");
    setTrouble("");
    if (first.startsWith("/")) {
      const request = { user, channel, command: first, text: rest.join(" ") };
      setTrouble(await outcome(screen.app.name, () => post<Sent>("command", request)));
    } else {
      const request = { user, channel, text: said, thread_ts: thread };
      setTrouble(await outcome(screen.app.name, async () => ({ ...(await post<object>("write", request)), ...DELIVERED })));
    }
  };
  const keys = (event: KeyboardEvent) => {
    if (hints.length && (event.key === "ArrowDown" || event.key === "ArrowUp")) {
      event.preventDefault();
      setPicked((active + (event.key === "ArrowDown" ? 1 : -1) + hints.length) % hints.length);
    } else if (hints.length && (event.key === "Tab" || event.key === "Enter") && !event.shiftKey && hints[active]!.command !== text.trim()) {
      event.preventDefault();
      complete(hints[active]!);
    } else if (event.key === "Enter" && !event.shiftKey) {
      event.preventDefault();
      void send();
    } else if (event.key === "Escape") setText((now) => (hints.length ? "" : now));
  };

  const global = screen.app.shortcuts.filter((shortcut) => shortcut.type === "global");
  return (
    <form
      className="composer"
      onSubmit={(event) => {
        event.preventDefault();
        void send();
      }}
    >
      {hints.length > 0 && (
        <ul className="hints" role="listbox" id={`${id}-hints`} aria-label="Commands">
          {hints.map((command, index) => (
            <li
              key={command.command}
              id={`${id}-${index}`}
              role="option"
              aria-selected={index === active}
              onPointerDown={(event) => {
                event.preventDefault();
                complete(command);
              }}
            >
              <b>{command.command}</b> <span className="usage">{command.usage_hint}</span>
              <small>{command.description}</small>
            </li>
          ))}
        </ul>
      )}
      <div className="writing">
        {global.length > 0 && (
          <Menu
            label="Shortcuts"
            face="⚡"
            choices={global.map(({ callback_id, name: words, description = "" }) => ({ key: callback_id, label: words, note: description }))}
            onChoose={async (callback_id) => setTrouble(await outcome(screen.app.name, () => post<Sent>("shortcut", { user, callback_id })))}
          />
        )}
        <textarea
          ref={field}
          value={text}
          rows={1}
          placeholder={thread ? "Reply…" : `Message ${name}`}
          aria-label={thread ? "Reply in thread" : `Message ${name}`}
          role={hints.length ? "combobox" : undefined}
          aria-expanded={hints.length ? true : undefined}
          aria-controls={hints.length ? `${id}-hints` : undefined}
          aria-activedescendant={hints.length ? `${id}-${active}` : undefined}
          aria-describedby={`${id}-usage`}
          onChange={(event) => setText(event.target.value)}
          onKeyDown={keys}
        />
        <button type="submit" className="button primary" disabled={!text.trim()}>
          Send
        </button>
      </div>
      <p className="usage" id={`${id}-usage`}>
        {chosen && `${chosen.command} ${chosen.usage_hint ?? ""} — ${chosen.description ?? ""}`}
      </p>
      <p className="trouble" role="alert">
        {trouble}
      </p>
    </form>
  );
}

const DELIVERED: Sent = { status: 200, elapsed_ms: 0, body: "", in_time: true };

function offered(commands: Command[], text: string): { hints: Command[]; chosen: Command | undefined } {
  if (!text.startsWith("/")) return { hints: [], chosen: undefined };
  const typed = text.split(" ")[0]!;
  if (text.includes(" ")) return { hints: [], chosen: commands.find(({ command }) => command === typed) };
  return { hints: commands.filter(({ command }) => command.startsWith(typed)), chosen: undefined };
}
