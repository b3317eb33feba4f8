// What pressing and choosing means where a block stands: in a message, on the Home tab or in a modal.
import { createContext } from "react";
import type { Block, Element, Person, Talk } from "./types";

export type Acting = {
  // Sends it to the app. Answers with a sentence when it did not go well, else with nothing.
  press: (block: Block, element: Element, value?: unknown) => Promise<string>;
  // What is chosen or typed now.
  value: (block: Block, element: Element) => unknown;
  set: (block: Block, element: Element, value: unknown) => void;
  people: Person[];
  talks: Talk[];
};

export const ActingContext = createContext<Acting>({
  press: async () => "",
  value: () => undefined,
  set: () => undefined,
  people: [],
  talks: [],
});

// The value inside what `state.values` keeps of an element: a text, an option's value, or a list of these.
export function stateValue(kept: Record<string, unknown> | undefined): unknown {
  for (const [key, value] of Object.entries(kept ?? {})) {
    if (key === "type" || value === null) continue;
    if (Array.isArray(value)) return value.map(optionValue);
    return optionValue(value);
  }
  return undefined;
}

function optionValue(value: unknown): unknown {
  return typeof value === "object" && value !== null && "value" in value ? value.value : value;
}
