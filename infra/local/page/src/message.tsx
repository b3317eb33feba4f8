// One message with what can be done to it.
import { useContext, useMemo, useState } from "react";
import { ActingContext, stateValue } from "./acting";
import { post } from "./api";
import { Avatar } from "./avatar";
import { Blocks } from "./blocks";
import { Menu } from "./menu";
import { outcome } from "./outcome";
import { moment, time } from "./text";
import type { Block, Message, Screen, Sent } from "./types";

type Props = {
  message: Message;
  screen: Screen;
  channel: string;
  whispered?: boolean;
  inThread?: boolean;
  onThread?: (ts: string) => void;
};

export function MessageRow({ message, screen, channel, whispered = false, inThread = false, onThread }: Props) {
  const author = screen.people.find((person) => person.id === message.user);
  const at = moment(message.ts);
  const name = author?.bot ? screen.app.name : author?.real_name || author?.name || message.user;
  const replies = message.replies ?? [];
  const thread = message.thread_ts ?? message.ts;
  return (
    <article className={`message ${whispered ? "whispered" : ""}`} data-ts={message.ts} aria-label={`${name}, ${time(at)}`}>
      <Avatar person={author} />
      <div className="said">
        <header>
          <span className="author">{name}</span>
          {author?.bot && <span className="tag">APP</span>}
          <time dateTime={at.toISOString()} title={at.toLocaleString()}>
            {time(at)}
          </time>
          {whispered && (
            <>
              <span className="only">Only visible to you</span>
              <button type="button" className="dismiss" onClick={() => void post("dismiss", { user: screen.me.id, ts: message.ts, channel })}>
                Dismiss
              </button>
            </>
          )}
        </header>
        {message.subtype === "thread_broadcast" && !inThread && onThread && (
          <button type="button" className="replies of-thread" onClick={() => onThread(thread)}>
            replied to a thread
          </button>
        )}
        <Body message={message} screen={screen} channel={channel} />
        {message.was_edited && <small className="edited">(edited)</small>}
        {replies.length > 0 && !inThread && onThread && (
          <button type="button" className="replies" onClick={() => onThread(message.ts)}>
            {replies.length === 1 ? "1 reply" : `${replies.length} replies`}
          </button>
        )}
      </div>
      <div className="tools">
        {!whispered && !inThread && onThread && (
          <button type="button" className="button icon" aria-label="Reply in thread" title="Reply in thread" onClick={() => onThread(thread)}>
            💬
          </button>
        )}
        {!whispered && <Shortcuts message={message} screen={screen} channel={channel} />}
      </div>
    </article>
  );
}

function Body({ message, screen, channel }: { message: Message; screen: Screen; channel: string }) {
  const [chosen, setChosen] = useState<Record<string, unknown>>({});
  const { people, talks } = useContext(ActingContext);
  const user = screen.me.id;
  const acting = useMemo(
    () => ({
      people,
      talks,
      press: async (block: Block, element: { action_id: string }, value?: unknown) => {
        const where = { user, channel, ts: message.ts, block_id: block.block_id, action_id: element.action_id };
        return outcome(screen.app.name, () => post<Sent>("press", value === undefined ? where : { ...where, value }));
      },
      value: (block: Block, element: { action_id: string }) => chosen[`${block.block_id} ${element.action_id}`] ?? initial(element),
      set: (block: Block, element: { action_id: string }, value: unknown) =>
        setChosen((before) => ({ ...before, [`${block.block_id} ${element.action_id}`]: value })),
    }),
    [chosen, channel, message.ts, user, screen.app.name, people, talks],
  );
  const blocks = message.blocks.length ? message.blocks : [asBlock(message.text)];
  return (
    <ActingContext.Provider value={acting}>
      <Blocks blocks={blocks} />
    </ActingContext.Provider>
  );
}

function Shortcuts({ message, screen, channel }: { message: Message; screen: Screen; channel: string }) {
  const [trouble, setTrouble] = useState("");
  const offered = screen.app.shortcuts.filter((shortcut) => shortcut.type === "message");
  if (!offered.length) return null;
  const call = async (callback_id: string) => {
    const request = { user: screen.me.id, callback_id, channel, ts: message.ts };
    setTrouble(await outcome(screen.app.name, () => post<Sent>("shortcut", request)));
  };
  return (
    <>
      <Menu
        label="Message shortcuts"
        face={<span className="dots">⋮</span>}
        choices={offered.map(({ callback_id, name, description = "" }) => ({ key: callback_id, label: name, note: description }))}
        onChoose={(key) => void call(key)}
      />
      <span className="trouble" role="alert">
        {trouble}
      </span>
    </>
  );
}

function asBlock(text: string): Block {
  return { type: "section", block_id: "text", text: { type: "mrkdwn", text: text || " " } };
}

// `initial_option` and its like, as the value that is chosen.
export function initial(element: object): unknown {
  const given = Object.entries(element).filter(([key]) => key.startsWith("initial_"));
  return stateValue(Object.fromEntries(given));
}
