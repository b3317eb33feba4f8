// Where one is, kept in the address so that a reload and the back button work: #/U0SAM/D0SAM, #/U0SAM/home, #/U0SAM/D0SAM/1700.1
import { useEffect, useState } from "react";

export type Place = { user: string; at: string; thread: string };
export const HOME = "home";

export function usePlace(): [Place, (to: Partial<Place>) => void] {
  const [place, setPlace] = useState(read);
  useEffect(() => {
    const moved = () => setPlace(read());
    window.addEventListener("hashchange", moved);
    return () => window.removeEventListener("hashchange", moved);
  }, []);
  const go = (to: Partial<Place>) => {
    const next = { ...place, thread: "", ...to };
    setPlace(next);
    location.hash = written(next);
  };
  return [place, go];
}

export function written({ user, at, thread }: Place): string {
  return `#/${[user, at, thread].filter(Boolean).join("/")}`;
}

function read(): Place {
  const [, user = "", at = "", thread = ""] = location.hash.split("/").map(decodeURIComponent);
  return { user, at, thread };
}

// A small thing that this browser remembers.
export function useKept(name: string, usual: string): [string, (value: string) => void] {
  const [value, setValue] = useState(() => localStorage.getItem(name) ?? usual);
  return [
    value,
    (next) => {
      localStorage.setItem(name, next);
      setValue(next);
    },
  ];
}
