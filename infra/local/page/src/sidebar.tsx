// Who one is, and where one can go.
import { Avatar } from "./avatar";
import { HOME, written } from "./place";
import type { Place } from "./place";
import type { Person, Screen, Talk } from "./types";

type Props = {
  screen: Screen;
  place: Place;
  wanted: string;
  unread: (channel: string, count: number) => number;
  onAct: (user: string) => void;
  onGo: () => void;
};

export function Sidebar({ screen, place, wanted, unread, onAct, onGo }: Props) {
  const people = screen.people.filter((person) => !person.bot && !person.deleted);
  const dms = screen.talks.filter((talk) => talk.kind === "dm");
  const link = (at: string, name: string, mark: string, fresh: number) => (
    <li key={at}>
      <a
        href={written({ user: screen.me.id, at, thread: "" })}
        aria-current={place.at === at ? "page" : undefined}
        className={fresh ? "fresh" : ""}
        onClick={onGo}
      >
        <span className="mark" aria-hidden="true">
          {mark}
        </span>
        <span className="name">{name}</span>
        <Badge count={fresh} />
      </a>
    </li>
  );
  const fresh = (talk: Talk) => (place.at === talk.id ? 0 : unread(talk.id, talk.count));
  return (
    <>
      <fieldset className="people">
        <legend>Act as</legend>
        {people.map((person) => (
          <label key={person.id} className={person.id === wanted ? "me" : ""}>
            <input type="radio" name="act-as" checked={person.id === wanted} onChange={() => onAct(person.id)} />
            <Avatar person={person} size={24} />
            <span className="name">{person.real_name || person.name}</span>
            <small>{role(person)}</small>
            {person.id !== wanted && <Badge count={unread(dm(person), screen.waiting[person.id] ?? 0)} />}
          </label>
        ))}
      </fieldset>
      <nav aria-label="Conversations" inert={wanted !== screen.me.id}>
        <h2>Channels</h2>
        <ul>
          {screen.talks.filter((talk) => talk.kind !== "dm" && !talk.archived).map((talk) => link(talk.id, talk.name, talk.kind === "private" ? "🔒" : "#", fresh(talk)))}
        </ul>
        <h2>Direct messages</h2>
        <ul>{dms.map((talk) => link(talk.id, talk.name, "●", fresh(talk)))}</ul>
        {screen.app.home_tab && (
          <>
            <h2>Apps</h2>
            <ul>{link(HOME, `${screen.app.name} Home`, "⌂", 0)}</ul>
          </>
        )}
      </nav>
      {screen.note && <p className="note">{screen.note}</p>}
    </>
  );
}

function Badge({ count }: { count: number }) {
  return count > 0 ? (
    <span className="badge">
      {count}
      <span className="hidden"> unread</span>
    </span>
  ) : null;
}

export function dm(person: Person): string {
  return `D${person.id.slice(1)}`;
}

function role(person: Person): string {
  if (person.guest) return "guest";
  if (person.owner) return "owner";
  return person.admin ? "admin" : "";
}
