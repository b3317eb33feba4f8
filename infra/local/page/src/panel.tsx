// The panel on the right: what another program of this machine lets one do to the sample world.
import { useCallback, useEffect, useState } from "react";
import { get, post, Refused } from "./api";
import type { PanelFacts } from "./types";

const LOOK_MS = 2000;

export function usePanel(version: number): [PanelFacts | null, () => Promise<void>] {
  const [panel, setPanel] = useState<PanelFacts | null>(null);
  const [awaited, setAwaited] = useState(false);
  const look = useCallback(async () => {
    try {
      const found = await get<PanelFacts | null>("panel");
      setPanel(found);
      setAwaited(found !== null);
    } catch (failed) {
      // There is one, but it does not answer (yet): what it said last stays.
      if (failed instanceof Refused) setAwaited(true);
    }
  }, []);
  useEffect(() => {
    if (!awaited) void look();
  }, [look, awaited, version]);
  useEffect(() => {
    if (!awaited) return;
    const timer = setInterval(() => !document.hidden && void look(), LOOK_MS);
    return () => clearInterval(timer);
  }, [look, awaited]);
  return [panel, look];
}

export function Panel({ panel, look, onClose }: { panel: PanelFacts; look: () => Promise<void>; onClose: () => void }) {
  const [busy, setBusy] = useState("");
  const [trouble, setTrouble] = useState("");
  const spoken = useSettled(panel.next);
  const act = async (item: string, action: string) => {
    setBusy(`${item} ${action}`);
    setTrouble("");
    try {
      await post("panel", { item, action });
    } catch (failed) {
      setTrouble(failed instanceof Error ? failed.message : String(failed));
    }
    await look();
    setBusy("");
  };
  return (
    <aside className="panel" aria-label={panel.title}>
      <header className="bar">
        <h2>{panel.title}</h2>
        <button type="button" className="button icon" aria-label="Hide the panel" onClick={onClose}>
          ✕
        </button>
      </header>
      <div className="panel-body">
        {panel.hint && <p className="panel-hint">{panel.hint}</p>}
        {panel.next && (
          <p className="next">
            <b>Try next</b> {panel.next}
          </p>
        )}
        <p className="hidden" role="status">
          {spoken}
        </p>
        <p className="trouble" role="alert">
          {trouble}
        </p>
        {panel.items.map((item) => (
          <section key={item.id} className="panel-item" aria-label={item.name}>
            <h3>{item.name}</h3>
            <p className="state">{item.state}</p>
            <div className="actions">
              {item.actions.map((action) => (
                <button
                  key={action.id}
                  type="button"
                  className={`button small ${busy === `${item.id} ${action.id}` ? "busy" : ""}`}
                  disabled={busy !== ""}
                  onClick={() => void act(item.id, action.id)}
                >
                  {action.label}
                </button>
              ))}
            </div>
          </section>
        ))}
      </div>
    </aside>
  );
}

// The words as they were when something but a number in them changed last: seconds that run are not read aloud.
function useSettled(words: string): string {
  const [settled, setSettled] = useState(words);
  if (words.replace(/\d+/g, "") !== settled.replace(/\d+/g, "")) setSettled(words);
  return settled;
}
