// What was said in one conversation, and the thread beside it.
import { useEffect, useLayoutEffect, useRef } from "react";
import { Composer } from "./composer";
import { MessageRow } from "./message";
import { day, moment } from "./text";
import type { Message, Screen, Talk } from "./types";

type Props = { screen: Screen; talk: Talk; onThread: (ts: string) => void };

export function Conversation({ screen, talk, onThread }: Props) {
  const said = screen.talk?.id === talk.id ? screen.talk : null;
  const rows = said ? inOrder(said.messages, said.ephemerals.filter((message) => !message.thread_ts)) : [];
  const list = useFollowing(rows.length, talk.id);
  const readOnly = talk.kind === "dm" && screen.app.messages_read_only;
  const name = talk.kind === "dm" ? talk.name : `#${talk.name}`;
  return (
    <>
      <div className="messages" ref={list} tabIndex={0} role="region" aria-label={`Messages in ${name}`}>
        <div className="push" />
        {said && said.older > 0 && <p className="quiet">{said.older} older messages are not shown here.</p>}
        {said && rows.length === 0 && <Nothing screen={screen} talk={talk} />}
        {rows.map(({ message, whispered }, index) => (
          <div key={message.ts + (whispered ? "w" : "")}>
            <Day before={rows[index - 1]?.message} message={message} />
            <MessageRow message={message} screen={screen} channel={talk.id} whispered={whispered} onThread={onThread} />
          </div>
        ))}
      </div>
      {readOnly || talk.archived ? (
        <p className="quiet closed">{talk.archived ? "This channel is archived." : `${screen.app.name} does not take messages. Its buttons are the way to answer.`}</p>
      ) : (
        <Composer key={talk.id} screen={screen} channel={talk.id} name={name} />
      )}
    </>
  );
}

export function Thread({ screen, talk, ts, inert, onClose }: { screen: Screen; talk: Talk; ts: string; inert: boolean; onClose: () => void }) {
  const said = screen.talk?.id === talk.id ? screen.talk : null;
  const parent = said?.messages.find((message) => message.ts === ts);
  const replies = parent?.replies ?? [];
  const whispers = said?.ephemerals.filter((message) => message.thread_ts === ts) ?? [];
  const rows = inOrder(replies, whispers);
  const list = useFollowing(rows.length, ts);
  const heading = useRef<HTMLHeadingElement>(null);
  useEffect(() => heading.current?.focus(), [ts]);
  return (
    <aside className="thread" aria-label="Thread" inert={inert} onKeyDown={(event) => event.key === "Escape" && !event.defaultPrevented && onClose()}>
      <header className="bar">
        <h2 tabIndex={-1} ref={heading}>
          Thread
        </h2>
        <button type="button" className="button icon" aria-label="Close thread" onClick={onClose}>
          ✕
        </button>
      </header>
      <div className="messages" ref={list} tabIndex={0} role="region" aria-label="Messages in thread">
        {parent ? <MessageRow message={parent} screen={screen} channel={talk.id} inThread /> : <p className="quiet">This message is not there (any more).</p>}
        <p className="quiet rule">{replies.length === 1 ? "1 reply" : `${replies.length} replies`}</p>
        {rows.map(({ message, whispered }) => (
          <MessageRow key={message.ts} message={message} screen={screen} channel={talk.id} whispered={whispered} inThread />
        ))}
      </div>
      {parent && !(talk.kind === "dm" && screen.app.messages_read_only) && <Composer key={ts} screen={screen} channel={talk.id} name="thread" thread={ts} />}
    </aside>
  );
}

function Nothing({ screen, talk }: { screen: Screen; talk: Talk }) {
  return (
    <div className="nothing">
      <img src="/icon.svg" alt="" width={56} height={56} />
      <p>
        <b>{talk.kind === "dm" ? `${screen.app.name} has nothing to say to ${screen.me.real_name}.` : `Nothing was said in #${talk.name} yet.`}</b>
      </p>
      {talk.kind === "dm" && <p>{screen.app.description}. No news is good news.</p>}
    </div>
  );
}

function Day({ before, message }: { before: Message | undefined; message: Message }) {
  const words = day(moment(message.ts));
  if (before && day(moment(before.ts)) === words) return null;
  return (
    <div className="day">
      <span>{words}</span>
    </div>
  );
}

type Row = { message: Message; whispered: boolean };

function inOrder(messages: Message[], whispers: Message[]): Row[] {
  const rows = [...messages.map((message) => ({ message, whispered: false })), ...whispers.map((message) => ({ message, whispered: true }))];
  return rows.sort((one, other) => Number(one.message.ts) - Number(other.message.ts));
}

// Stays at the newest message, unless somebody has scrolled up to read.
function useFollowing(count: number, what: string) {
  const list = useRef<HTMLDivElement>(null);
  const atEnd = useRef(true);
  useEffect(() => {
    const box = list.current;
    const scrolled = () => {
      if (box) atEnd.current = box.scrollHeight - box.scrollTop - box.clientHeight < 80;
    };
    box?.addEventListener("scroll", scrolled);
    return () => box?.removeEventListener("scroll", scrolled);
  }, []);
  useLayoutEffect(() => {
    atEnd.current = true;
  }, [what]);
  useLayoutEffect(() => {
    const box = list.current;
    if (box && atEnd.current) box.scrollTop = box.scrollHeight;
  }, [count, what]);
  return list;
}
