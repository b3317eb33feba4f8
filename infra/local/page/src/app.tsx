// The whole page: who one is and where on the left, what was said in the middle, thread and panel on the right.
import { useEffect, useMemo, useRef, useState } from "react";
import { ActingContext } from "./acting";
import { Announcer } from "./announcer";
import { get, post, useChanges, useScreen } from "./api";
import { Confirming } from "./confirm";
import { Conversation, Thread } from "./conversation";
import { namesOf, NamesContext } from "./drawn";
import { Home } from "./home";
import { Modal } from "./modal";
import { Panel, usePanel } from "./panel";
import { HOME, useKept, usePlace, written } from "./place";
import type { Place } from "./place";
import { useRead } from "./read";
import { dm, Sidebar } from "./sidebar";
import { ThemeSwitch, useTheme } from "./theme";
import type { Person, Screen, Talk } from "./types";

export function App() {
  const [place, go] = usePlace();
  const version = useChanges();
  const [screen] = useScreen(place.user, place.at === HOME ? "" : place.at, version);
  const [theme, wish, turn] = useTheme();
  useSomebody(place, go);
  const names = useMemo(() => screen && namesOf(screen, theme), [screen, theme]);
  const acting = useMemo(
    () => ({ press: async () => "", value: () => undefined, set: () => undefined, people: screen?.people ?? [], talks: screen?.talks ?? [] }),
    [screen?.people, screen?.talks],
  );
  // When one becomes somebody else, all stays as it was until that person's screen is there, and nothing of it can be pressed.
  const settled = useRef(place);
  if (screen?.me.id === place.user) settled.current = place;
  if (!screen || !names || settled.current.user !== screen.me.id) return <p className="quiet loading">One moment…</p>;
  return (
    <NamesContext.Provider value={names}>
      <ActingContext.Provider value={acting}>
        <Confirming>
          <Frame screen={screen} place={settled.current} wanted={place.user} go={go} down={version < 0} version={version} theme={<ThemeSwitch wish={wish} turn={turn} />} />
        </Confirming>
      </ActingContext.Provider>
    </NamesContext.Provider>
  );
}

// Without a name in the address: the first person, in their conversation with the app.
function useSomebody(place: Place, go: (to: Partial<Place>) => void) {
  useEffect(() => {
    if (place.user && place.at) return;
    void get<{ people: Person[] }>("people").then(({ people }) => {
      const known = people.filter((person) => !person.bot && !person.deleted);
      const me = known.find((person) => person.id === place.user) ?? known[0];
      if (me) go({ user: me.id, at: dm(me) });
    });
  }, [place.user, place.at]);
}

type FrameProps = { screen: Screen; place: Place; wanted: string; go: (to: Partial<Place>) => void; down: boolean; version: number; theme: React.ReactNode };

function Frame({ screen, place, wanted, go, down, version, theme }: FrameProps) {
  const changing = wanted !== screen.me.id;
  const [drawer, setDrawer] = useState(false);
  const [panel, look] = usePanel(version);
  const [panelOpen, setPanelOpen] = useKept("panel", innerWidth >= 1100 ? "open" : "closed");
  const talk = screen.talks.find((one) => one.id === place.at);
  const unread = useRead(screen, talk?.id ?? "");
  const modal = screen.modals.at(-1);
  useMessagesTab(screen, talk);
  useTitle(screen, unread, place.at);

  const actAs = (user: string) => {
    const same = place.at === HOME || (talk && talk.kind !== "dm");
    const there = screen.people.find((person) => person.id === user)!;
    go({ user, at: same ? place.at : dm(there) });
  };
  const shown = place.at === HOME || talk;
  return (
    <div className={`frame ${drawer ? "drawer-open" : ""}`} data-version={screen.version}>
      <a className="skip" href="#main" onClick={(event) => (event.preventDefault(), document.querySelector<HTMLElement>("main .messages")?.focus())}>
        Skip to messages
      </a>
      <header className="top">
        <button type="button" className="button icon burger" aria-label="Conversations" aria-expanded={drawer} onClick={() => setDrawer(!drawer)}>
          ☰
        </button>
        <h1>Local Slack</h1>
        <span className="acting">
          <span>You are </span>
          <b>{screen.me.real_name}</b>
        </span>
        {panel && (
          <button type="button" className="button" aria-expanded={panelOpen === "open"} onClick={() => setPanelOpen(panelOpen === "open" ? "closed" : "open")}>
            {panel.title}
          </button>
        )}
        {theme}
      </header>
      <div className="sidebar" onKeyDown={(event) => event.key === "Escape" && setDrawer(false)}>
        <Sidebar screen={screen} place={place} wanted={wanted} unread={unread} onAct={actAs} onGo={() => setDrawer(false)} />
      </div>
      {drawer && <div className="shade" onClick={() => setDrawer(false)} />}
      <main id="main" inert={changing}>
        <Header screen={screen} place={place} talk={talk} />
        {down && (
          <p className="down" role="alert">
            The local Slack does not answer. This page waits for it.
          </p>
        )}
        {place.at === HOME && <Home key={screen.me.id} screen={screen} />}
        {talk && <Conversation key={talk.id} screen={screen} talk={talk} onThread={(thread) => go({ thread })} />}
        {!shown && <p className="quiet">{screen.me.real_name} is not in this conversation.</p>}
      </main>
      {talk && place.thread && <Thread screen={screen} talk={talk} ts={place.thread} inert={changing} onClose={() => go({ thread: "" })} />}
      {panel && panelOpen === "open" && <Panel panel={panel} look={look} onClose={() => setPanelOpen("closed")} />}
      {modal && <Modal key={modal.id} screen={screen} view={modal} depth={screen.modals.length} />}
      <Announcer screen={screen} />
    </div>
  );
}

function Header({ screen, place, talk }: { screen: Screen; place: Place; talk: Talk | undefined }) {
  const app = place.at === HOME || talk?.kind === "dm";
  const own = dm(screen.me);
  const tab = (at: string, name: string) => (
    <a href={written({ user: screen.me.id, at, thread: "" })} aria-current={place.at === at ? "page" : undefined}>
      {name}
    </a>
  );
  return (
    <header className="bar">
      <h2>
        {app && <img src="/icon.svg" alt="" width={22} height={22} />}
        {app ? screen.app.name : `#${talk?.name ?? ""}`}
      </h2>
      {app && screen.app.home_tab && screen.app.messages_tab && (
        <nav className="tabs" aria-label={`Tabs of ${screen.app.name}`}>
          {tab(HOME, "Home")}
          {tab(own, "Messages")}
        </nav>
      )}
      {talk && !app && <small>{talk.members.length} members</small>}
    </header>
  );
}

// Slack tells the app that its messages are looked at, as it does for its Home.
function useMessagesTab(screen: Screen, talk: Talk | undefined) {
  const opened = talk?.kind === "dm" && screen.app.messages_tab ? screen.me.id : "";
  useEffect(() => {
    if (opened) void post("home", { user: opened, tab: "messages" }).catch(() => undefined);
  }, [opened]);
}

function useTitle(screen: Screen, unread: (channel: string, count: number) => number, at: string) {
  const fresh = screen.talks.filter((talk) => talk.id !== at).reduce((sum, talk) => sum + unread(talk.id, talk.count), 0);
  useEffect(() => {
    document.title = `${fresh ? `(${fresh}) ` : ""}${screen.me.real_name} – Local Slack`;
  }, [fresh, screen.me.real_name]);
}
