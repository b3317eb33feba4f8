// Blocks that only show something: drawn by slack-blocks-to-jsx, with people, emoji, times and links our way.
import { Message as Drawn } from "slack-blocks-to-jsx";
import type { Block as DrawnBlock, MessageProps } from "slack-blocks-to-jsx";
import { createContext, Component, useContext, useMemo } from "react";
import type { ReactNode } from "react";
import { dated, drawnEmoji } from "./text";
import type { Block, Screen, TextObject } from "./types";

export type Names = { theme: "light" | "dark"; data: MessageProps["data"] };
export const NamesContext = createContext<Names>({ theme: "light", data: {} });

export function namesOf(screen: Screen, theme: "light" | "dark"): Names {
  const users = screen.people.map((person) => ({ id: person.id, name: person.real_name || person.name }));
  const channels = screen.talks.map((talk) => ({ id: talk.id, name: talk.name }));
  return { theme, data: { users, channels, user_groups: screen.groups.map((id) => ({ id, name: id })) } };
}

const HOOKS: MessageProps["hooks"] = {
  emoji: ({ name }) => drawnEmoji(name),
  date: ({ timestamp, format, fallback }) => dated(timestamp, format, fallback),
  link: ({ href, children, className }) => (
    <a href={href} className={className} target="_blank" rel="noopener noreferrer">
      {children}
    </a>
  ),
};

export function Shown({ blocks }: { blocks: Block[] }) {
  const { theme, data } = useContext(NamesContext);
  // Block and action ids would become ids of the document, and the same message may stand in the list and in its thread.
  const bare = useMemo(() => blocks.map(withoutIds), [blocks]) as unknown as DrawnBlock[];
  return (
    <OrWords blocks={blocks}>
      <Drawn withoutWrapper blocks={bare} data={data} hooks={HOOKS} theme={theme} name="" logo="" />
    </OrWords>
  );
}

export function Words({ text }: { text: TextObject }) {
  return <Shown blocks={[{ type: "section", block_id: "", text }]} />;
}

function withoutIds(block: Block): Record<string, unknown> {
  const { block_id: _, ...rest } = block;
  if (rest.type === "divider" || !rest.elements) return rest;
  return { ...rest, elements: rest.elements.map((element) => (element.action_id ? { ...element, action_id: undefined } : element)) };
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
