// Says aloud what arrives or changes in the conversation that is open.
import { useEffect, useRef, useState } from "react";
import { spoken } from "./text";
import type { Message, Screen } from "./types";

export function Announcer({ screen }: { screen: Screen }) {
  const [words, setWords] = useState("");
  const before = useRef({ where: "", texts: new Map<string, string>() });
  useEffect(() => {
    if (!screen.talk) return;
    const where = `${screen.me.id} ${screen.talk.id}`;
    const now = new Map(said(screen.talk.messages).concat(screen.talk.ephemerals).map((message) => [message.ts, message.text]));
    const { where: last, texts } = before.current;
    before.current = { where, texts: now };
    if (last !== where) return;
    const news = [...now].filter(([ts, text]) => texts.get(ts) !== text);
    if (news.length) setWords(news.map(([ts, text]) => `${texts.has(ts) ? "Changed: " : ""}${spoken(text)}`).join(". "));
  }, [screen]);
  return (
    <div className="hidden" role="status" aria-live="polite" data-announcer>
      {words}
    </div>
  );
}

function said(messages: Message[]): Message[] {
  return messages.flatMap((message) => [message, ...(message.replies ?? [])]);
}
