// What each person has read, as far as this browser knows: a count of the app's messages in each conversation.
import { useEffect, useState } from "react";
import type { Screen } from "./types";

type Counts = Record<string, number>;
const KEPT = "read";

export function useRead(screen: Screen | null, visible: string): (channel: string, count: number) => number {
  const [read, setRead] = useState<Counts>(() => JSON.parse(localStorage.getItem(KEPT) ?? "{}"));
  const count = screen?.talks.find((talk) => talk.id === visible)?.count;
  useEffect(() => {
    if (!visible || count === undefined) return;
    setRead((before) => {
      const after = { ...before, [visible]: count };
      localStorage.setItem(KEPT, JSON.stringify(after));
      return after;
    });
  }, [visible, count]);
  // Fewer than were read: the workspace began anew.
  return (channel, now) => (now < (read[channel] ?? 0) ? now : now - (read[channel] ?? 0));
}
