// Blocks that only show something: drawn by slack-blocks-to-jsx, with people, emoji, times and links our way.
import { Message as Drawn } from "slack-blocks-to-jsx";
import type { Block as DrawnBlock, MessageProps } from "slack-blocks-to-jsx";
import { createContext, Component, useContext, useMemo } from "react";
import type { ReactNode } from "react";
import { written } from "./place";
import { dated, drawnEmoji, plain } from "./text";
import type { Block, Screen, TextObject } from "./types";

export type Names = { theme: "light" | "dark"; data: MessageProps["data"]; user: string };
export const NamesContext = createContext<Names>({ theme: "light", data: {}, user: "" });

export function namesOf(screen: Screen, theme: "light" | "dark"): Names {
  const users = screen.people.map((person) => ({ id: person.id, name: person.real_name || person.name }));
  const channels = screen.talks.map((talk) => ({ id: talk.id, name: talk.name }));
  return { theme, user: screen.me.id, data: { users, channels, user_groups: screen.groups.map((id) => ({ id, name: id })) } };
}

const HOOKS: MessageProps["hooks"] = {
  emoji: ({ name }) => drawnEmoji(name),
  date: ({ timestamp, format, fallback }) => dated(timestamp, format, fallback.replaceAll(RATIO, ":")),
  link: ({ href, children, className }) => {
    const [, channel, seconds, rest] = MESSAGE.exec(href) ?? [];
    if (channel) return <ToMessage channel={channel} ts={`${seconds}.${rest}`} words={children} />;
    return /^(https?|mailto|tel):/.test(href) ? (
      <a href={href} className={className} target="_blank" rel="noopener noreferrer">
        {children}
      </a>
    ) : (
      <>{children}</>
    );
  },
};

// A link to a message of this workspace, as Slack writes them: it leads to the message on this page.
const MESSAGE = /^https:\/\/local\.slack\.com\/archives\/(\w+)\/p(\d+)(\d{6})$/;

function ToMessage({ channel, ts, words }: { channel: string; ts: string; words: ReactNode }) {
  const { user } = useContext(NamesContext);
  const show = () => setTimeout(() => document.querySelector(`[data-ts="${ts}"]`)?.scrollIntoView({ block: "center" }), 300);
  return (
    <a href={written({ user, at: channel, thread: "" })} onClick={show}>
      {words}
    </a>
  );
}

export function Shown({ blocks }: { blocks: Block[] }) {
  const { theme, data } = useContext(NamesContext);
  // Block and action ids would become ids of the document, and the same message may stand in the list and in its thread.
  const bare = useMemo(() => blocks.map(drawable), [blocks]) as unknown as DrawnBlock[];
  return (
    <OrWords blocks={blocks}>
      <Drawn withoutWrapper blocks={bare} data={data} hooks={HOOKS} theme={theme} name="" logo="" />
    </OrWords>
  );
}

export function Words({ text }: { text: TextObject }) {
  return <Shown blocks={[{ type: "section", block_id: "", text }]} />;
}

// The library reads markup where there is none: entities that look like HTML (it would drop them), and plain text.
function drawable(block: Block): unknown {
  const { block_id: _, ...rest } = block;
  if (rest.type === "section" && rest.text?.type === "plain_text" && !rest.fields && !rest.accessory) return asItIs(plain(rest.text));
  return harmless(rest);
}

function asItIs(text: string) {
  return { type: "rich_text", elements: [{ type: "rich_text_section", elements: [{ type: "text", text }] }] };
}

// A "<" that no letter follows opens nothing; a "&gt;" inside a line would get a space of its own. The colon in the words of a
// time would be taken for the beginning of an emoji, and the next emoji's for its end.
function guarded(text: string): string {
  const timed = text.replace(/(<!date\^[^|>]*\|)([^>]*)>/g, (_, head: string, words: string) => `${head}${words.replaceAll(":", RATIO)}>`);
  return timed.replaceAll("&lt;", "&lt;\u2060").replace(/(?<!^)&gt;/gm, ">");
}

const RATIO = "\u2236";

function harmless(node: unknown): unknown {
  if (Array.isArray(node)) return node.map(harmless);
  if (typeof node !== "object" || node === null) return node;
  const text = "type" in node && node.type === "mrkdwn" && "text" in node ? guarded(String(node.text)) : null;
  const parts = Object.entries(node).filter(([key]) => key !== "action_id");
  return Object.fromEntries(parts.map(([key, value]) => [key, key === "text" && text !== null ? text : harmless(value)]));
}

// Should the library stumble over a block, its JSON is shown instead, and the rest of the page stays.
class OrWords extends Component<{ blocks: Block[]; children: ReactNode }, { failed: boolean }> {
  override state = { failed: false };

  static getDerivedStateFromError() {
    return { failed: true };
  }

  override render() {
    if (!this.state.failed) return this.props.children;
    return <pre className="undrawable">{JSON.stringify(this.props.blocks, null, 2)}</pre>;
  }
}
