// Words as Slack shows them: entities, emoji, times in the reader's own zone.
import { get as emojiOf } from "node-emoji";
import type { ReactNode } from "react";
import type { TextObject } from "./types";

// Slack's own names, where the usual list has others.
const EMOJI: Record<string, string> = {
  large_green_circle: "🟢",
  large_yellow_circle: "🟡",
  large_orange_circle: "🟠",
  large_blue_circle: "🔵",
  large_purple_circle: "🟣",
  large_brown_circle: "🟤",
  large_green_square: "🟩",
  large_yellow_square: "🟨",
  large_red_square: "🟥",
};

export function unicode(name: string): string | undefined {
  return EMOJI[name] ?? emojiOf(name);
}

export function resolved(text: string): string {
  return text.replaceAll("&lt;", "<").replaceAll("&gt;", ">").replaceAll("&amp;", "&");
}

// A plain_text object as a string: for labels, options, placeholders.
export function plain(text: TextObject | undefined): string {
  return text ? resolved(text.text).replace(/:([a-z0-9_+-]+):/g, (all, name: string) => unicode(name) ?? all) : "";
}

// A fallback text, without markup: for announcements.
export function spoken(text: string): string {
  const bare = text.replace(/<!date\^[^|>]*\|([^>]*)>/g, "$1").replace(/<[^|>]*\|([^>]*)>/g, "$1");
  return resolved(bare.replace(/:[a-z0-9_+-]+:\s*/g, "").replace(/[*_`~]/g, ""));
}

// What only looks like an emoji, as in 02:11–04:11, stays as it was written.
export function drawnEmoji(parsed: string): ReactNode {
  const name = parsed.replace(/^:|:$/g, "");
  const found = unicode(name);
  if (!found) return `:${name}:`;
  return (
    <span role="img" aria-label={name.replaceAll("_", " ")} className="emoji">
      {found}
    </span>
  );
}

export function time(at: Date): string {
  return at.toLocaleTimeString([], { hour: "2-digit", minute: "2-digit", hour12: false });
}

function nearby(at: Date): string {
  const days = Math.round((midnight(at) - midnight(new Date())) / 86_400_000);
  return { "-1": "yesterday", "0": "today", "1": "tomorrow" }[String(days)] ?? "";
}

function midnight(at: Date): number {
  return new Date(at.getFullYear(), at.getMonth(), at.getDate()).getTime();
}

export function day(at: Date): string {
  const near = nearby(at);
  const long = at.toLocaleDateString("en", { weekday: "long", month: "long", day: "numeric" });
  return near ? near[0]!.toUpperCase() + near.slice(1) : long;
}

export function moment(ts: string): Date {
  return new Date(Number(ts) * 1000);
}

// <!date^1700000000^{date_short_pretty}, {time}|fallback>
export function dated(stamp: string, format: string, fallback: string): ReactNode {
  const at = moment(stamp);
  if (Number.isNaN(at.getTime())) return fallback;
  const date = (style: Intl.DateTimeFormatOptions) => at.toLocaleDateString("en-GB", style);
  const short: Intl.DateTimeFormatOptions = { day: "numeric", month: "short" };
  if (at.getFullYear() !== new Date().getFullYear()) short.year = "numeric";
  const parts: Record<string, string> = {
    date_num: date({ year: "numeric", month: "2-digit", day: "2-digit" }).split("/").reverse().join("-"),
    date_slash: date({ year: "numeric", month: "2-digit", day: "2-digit" }),
    date: date({ day: "numeric", month: "long", year: "numeric" }),
    date_short: date(short),
    date_long: date({ weekday: "long", day: "numeric", month: "long", year: "numeric" }),
    time: time(at),
    time_secs: at.toLocaleTimeString([], { hour12: false }),
    ago: `${Math.max(0, Math.round((Date.now() - at.getTime()) / 60_000))} min ago`,
  };
  const words = format.replace(/\{([a-z_]+)\}/g, (all, name: string) => {
    const pretty = name.endsWith("_pretty");
    return (pretty && nearby(at)) || (parts[pretty ? name.slice(0, -7) : name] ?? all);
  });
  return (
    <time dateTime={at.toISOString()} title={at.toLocaleString()}>
      {words}
    </time>
  );
}
