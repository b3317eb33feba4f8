// The app's Home tab. Opening it tells the app, which then draws it.
import { useContext, useEffect, useMemo, useState } from "react";
import { ActingContext, stateValue } from "./acting";
import { post } from "./api";
import { Blocks } from "./blocks";
import { outcome } from "./outcome";
import type { Block, Screen, Sent } from "./types";

export function Home({ screen }: { screen: Screen }) {
  const [trouble, setTrouble] = useState("");
  const [asked, setAsked] = useState(false);
  const user = screen.me.id;
  const app = screen.app.name;
  useEffect(() => {
    let current = true;
    void outcome(app, () => post<Sent>("home", { user, tab: "home" })).then((said) => {
      if (!current) return;
      setTrouble(said);
      setAsked(true);
    });
    return () => {
      current = false;
    };
  }, [user, app]);

  const { people, talks } = useContext(ActingContext);
  const view = screen.home;
  const acting = useMemo(
    () => ({
      people,
      talks,
      press: (block: Block, element: { action_id: string }, value?: unknown) => {
        const where = { user, view: "home", block_id: block.block_id, action_id: element.action_id };
        return outcome(app, () => post<Sent>("press", value === undefined ? where : { ...where, value }));
      },
      value: (block: Block, element: { action_id: string }) => stateValue(view?.state.values[block.block_id]?.[element.action_id]),
      set: () => undefined,
    }),
    [user, app, view, people, talks],
  );
  return (
    <div className="messages home" tabIndex={0} role="region" aria-label={`Home of ${app}`}>
      <p className="trouble" role="alert">
        {trouble}
      </p>
      {view ? (
        <ActingContext.Provider value={acting}>
          <Blocks blocks={view.blocks} />
        </ActingContext.Provider>
      ) : (
        asked && <p className="quiet">{app} has not drawn its Home tab for {screen.me.real_name} yet.</p>
      )}
    </div>
  );
}
