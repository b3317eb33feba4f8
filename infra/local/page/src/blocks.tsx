// A list of blocks: what only shows something goes to the library, what can be pressed or filled in is ours.
import { useContext, useId, useState } from "react";
import { ActingContext } from "./acting";
import { Shown, Words } from "./drawn";
import { Interactive } from "./elements";
import { plain } from "./text";
import type { Block, Element } from "./types";

export function Blocks({ blocks, errors = {} }: { blocks: Block[]; errors?: Record<string, string> }) {
  return (
    <div className="blocks">
      {parts(blocks).map((part) => {
        const first = part[0]!;
        return isOurs(first) ? <Ours key={first.block_id} block={first} error={errors[first.block_id]} /> : <Shown key={first.block_id} blocks={part} />;
      })}
    </div>
  );
}

// Neighbours that the library draws are drawn together; each of ours stands alone.
function parts(blocks: Block[]): Block[][] {
  const found: Block[][] = [];
  for (const block of blocks) {
    const last = found.at(-1);
    if (last && !isOurs(block) && !isOurs(last[0]!)) last.push(block);
    else found.push([block]);
  }
  return found;
}

function isOurs(block: Block): boolean {
  if (block.type === "header") return true; // plain text, which the library would read as markup
  if (block.type === "section") return block.accessory !== undefined && block.accessory.type !== "image";
  return block.type === "actions" || block.type === "context_actions" || block.type === "input" || (block.type === "card" && !!block.actions?.length);
}

function Ours({ block, error }: { block: Block; error?: string | undefined }) {
  const [trouble, setTrouble] = useState("");
  if (block.type === "header") return <h3 className="block-header">{plain(block.text)}</h3>;
  if (block.type === "input") return <InputBlock block={block} error={error} />;
  const live = (element: Element) => <Interactive key={element.action_id} block={block} element={element} live trouble={setTrouble} label={nameOf(block)} />;
  const { accessory, actions, ...rest } = block;
  const elements = block.type === "card" ? actions : block.elements;
  return (
    <div className={`ours ${block.type}`}>
      {block.type === "section" && (
        <div className="with-accessory">
          <Shown blocks={[rest]} />
          <div className="accessory">{live(accessory!)}</div>
        </div>
      )}
      {block.type === "card" && <Shown blocks={[rest]} />}
      {block.type !== "section" && <div className="actions">{elements?.map(live)}</div>}
      <p className="trouble" role="alert">
        {trouble}
      </p>
    </div>
  );
}

// What a control beside a text is called, when it has no label of its own.
function nameOf(block: Block): string {
  return block.type === "section" && block.text ? plain(block.text).replace(/[*_`]/g, "").slice(0, 80) : "";
}

const ONE_CONTROL = new Set(["radio_buttons", "checkboxes"]);

function InputBlock({ block, error }: { block: Block; error?: string | undefined }) {
  const [trouble, setTrouble] = useState("");
  const id = useId();
  const { value } = useContext(ActingContext);
  const element = block.element!;
  const said = error ?? trouble;
  const described = [block.hint && `${id}-hint`, said && `${id}-error`].filter(Boolean).join(" ");
  const label = (
    <>
      {plain(block.label)}
      {block.optional && <span className="optional"> (optional)</span>}
    </>
  );
  const left = element.max_length && element.type === "plain_text_input" ? element.max_length - String(value(block, element) ?? "").length : null;
  return (
    <div className={`input-block ${said ? "wrong" : ""}`} data-block={block.block_id}>
      {ONE_CONTROL.has(element.type) || element.type.startsWith("multi_") ? <span className="label">{label}</span> : <label htmlFor={id}>{label}</label>}
      <Interactive
        block={block}
        element={element}
        live={block.dispatch_action ?? false}
        trouble={setTrouble}
        id={id}
        label={plain(block.label)}
        invalid={said !== ""}
        describedBy={described || undefined}
        required={!block.optional}
      />
      {left !== null && left < 100 && <p className="left">{left} characters left</p>}
      {said && (
        <p className="error" id={`${id}-error`}>
          {said}
        </p>
      )}
      {block.hint && (
        <div className="hint" id={`${id}-hint`}>
          <Words text={block.hint} />
        </div>
      )}
    </div>
  );
}
