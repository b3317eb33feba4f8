// Light, dark, or as the machine has it.
import { useEffect, useState } from "react";
import { useKept } from "./place";

const NEXT: Record<string, string> = { system: "light", light: "dark", dark: "system" };
const FACE: Record<string, string> = { system: "◐", light: "☀", dark: "☾" };

export function useTheme(): ["light" | "dark", string, () => void] {
  const [wish, setWish] = useKept("theme", "system");
  const [dark, setDark] = useState(() => matchMedia("(prefers-color-scheme: dark)").matches);
  useEffect(() => {
    const query = matchMedia("(prefers-color-scheme: dark)");
    const changed = () => setDark(query.matches);
    query.addEventListener("change", changed);
    return () => query.removeEventListener("change", changed);
  }, []);
  const theme = wish === "light" || wish === "dark" ? wish : dark ? "dark" : "light";
  useEffect(() => {
    document.documentElement.dataset.look = theme;
  }, [theme]);
  return [theme, wish, () => setWish(NEXT[wish] ?? "system")];
}

export function ThemeSwitch({ wish, turn }: { wish: string; turn: () => void }) {
  const label = `Colours: ${wish === "system" ? "as this machine" : wish}`;
  return (
    <button type="button" className="button icon" aria-label={label} title={label} onClick={turn}>
      {FACE[wish] ?? FACE.system}
    </button>
  );
}
