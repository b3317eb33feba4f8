// Talking to the server: one snapshot of a person's screen, fetched again whenever the server says that something changed.
import { useCallback, useEffect, useRef, useState } from "react";
import type { Screen } from "./types";

export class Refused extends Error {}

export async function get<T>(path: string): Promise<T> {
  return answered(await fetch(`/_local/${path}`));
}

export async function post<T>(path: string, body: unknown): Promise<T> {
  const headers = { "Content-Type": "application/json" };
  return answered(await fetch(`/_local/${path}`, { method: "POST", headers, body: JSON.stringify(body) }));
}

async function answered<T>(answer: Response): Promise<T> {
  const said = await answer.json();
  if (!answer.ok) throw new Refused(said.error ?? `The server answered ${answer.status}.`);
  return said as T;
}

// Counts up with each change the server tells of; -1 while the line is down.
export function useChanges(): number {
  const [version, setVersion] = useState(0);
  useEffect(() => {
    const line = new EventSource("/_local/stream");
    line.onmessage = (told) => setVersion(Number(told.data) + 1);
    line.onerror = () => setVersion(-1);
    return () => line.close();
  }, []);
  return version;
}

export function useScreen(user: string, channel: string, version: number): [Screen | null, () => Promise<void>] {
  const [screen, setScreen] = useState<Screen | null>(null);
  const asked = useRef(0);
  const refresh = useCallback(async () => {
    const mine = ++asked.current;
    try {
      const found = await get<Screen>(`screen?${new URLSearchParams({ user, channel })}`);
      if (mine === asked.current) setScreen(found);
    } catch (failed) {
      if (failed instanceof Refused) console.warn(failed.message);
    }
  }, [user, channel]);
  useEffect(() => {
    if (user && version >= 0) void refresh();
  }, [refresh, user, version]);
  return [screen, refresh];
}
