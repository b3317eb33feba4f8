// What the server tells: GET /_local/screen and GET /_local/panel, and Block Kit as loosely as we need it.

export type Json = Record<string, unknown>;
export type TextObject = { type: "plain_text" | "mrkdwn"; text: string; emoji?: boolean };
export type Option = { text: TextObject; value: string; description?: TextObject; url?: string };
export type Confirm = { title: TextObject; text: TextObject; confirm: TextObject; deny: TextObject; style?: string };

export type Element = {
  type: string;
  action_id: string;
  text?: TextObject;
  value?: string;
  url?: string;
  style?: "primary" | "danger";
  accessibility_label?: string;
  confirm?: Confirm;
  placeholder?: TextObject;
  options?: Option[];
  option_groups?: { label: TextObject; options: Option[] }[];
  multiline?: boolean;
  max_length?: number;
  min_length?: number;
  min_value?: string;
  max_value?: string;
  is_decimal_allowed?: boolean;
  focus_on_load?: boolean;
  max_selected_items?: number;
};

export type Block = {
  type: string;
  block_id: string;
  text?: TextObject;
  fields?: TextObject[];
  accessory?: Element;
  elements?: Element[];
  element?: Element;
  actions?: Element[];
  label?: TextObject;
  hint?: TextObject;
  optional?: boolean;
  dispatch_action?: boolean;
};

export type State = Record<string, Record<string, Json>>;
export type Values = Record<string, Record<string, unknown>>;

export type Message = {
  ts: string;
  user: string;
  text: string;
  blocks: Block[];
  thread_ts?: string;
  subtype?: string;
  was_edited: boolean;
  replies?: Message[];
};

export type View = {
  id: string;
  type: "modal" | "home";
  hash: string;
  title: TextObject;
  submit: TextObject | null;
  close: TextObject | null;
  blocks: Block[];
  state: { values: State };
};

export type Person = {
  id: string;
  name: string;
  real_name: string;
  email: string;
  admin: boolean;
  owner: boolean;
  guest: boolean;
  deleted: boolean;
  bot: boolean;
};

export type Talk = {
  id: string;
  name: string;
  kind: "channel" | "private" | "dm";
  archived: boolean;
  members: string[];
  count: number;
};

export type Command = { command: string; description?: string; usage_hint?: string };
export type Shortcut = { name: string; type: "global" | "message"; callback_id: string; description?: string };

export type Screen = {
  version: number;
  note: string;
  team: string;
  me: Person;
  people: Person[];
  groups: string[];
  app: {
    user: string;
    name: string;
    description: string;
    home_tab: boolean;
    messages_tab: boolean;
    messages_read_only: boolean;
    commands: Command[];
    shortcuts: Shortcut[];
  };
  talks: Talk[];
  waiting: Record<string, number>;
  talk: { id: string; older: number; messages: Message[]; ephemerals: Message[] } | null;
  home: View | null;
  modals: View[];
};

export type PanelFacts = {
  title: string;
  hint: string;
  items: { id: string; name: string; state: string; actions: { id: string; label: string }[] }[];
  next: string;
};

// What the server says of a request that went to the app.
export type Sent = { status: number; elapsed_ms: number; body: string; in_time: boolean };
export type Submitted = Sent & { view: string; errors?: Record<string, string> };
