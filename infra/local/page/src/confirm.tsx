// "Are you sure?": asked in a dialog of its own before a press is sent.
import { createContext, useCallback, useContext, useId, useRef, useState } from "react";
import type { ReactNode } from "react";
import { useDialog } from "./dialog";
import { Words } from "./drawn";
import { plain } from "./text";
import type { Confirm } from "./types";

type Ask = (what: Confirm | undefined) => Promise<boolean>;
const ConfirmContext = createContext<Ask>(async () => true);
export const useConfirm = () => useContext(ConfirmContext);

type Asked = { what: Confirm; answer: (yes: boolean) => void };

export function Confirming({ children }: { children: ReactNode }) {
  const [asked, setAsked] = useState<Asked | null>(null);
  const ask = useCallback<Ask>((what) => {
    if (!what) return Promise.resolve(true);
    return new Promise((answer) => setAsked({ what, answer }));
  }, []);
  const done = (yes: boolean) => {
    asked?.answer(yes);
    setAsked(null);
  };
  return (
    <ConfirmContext.Provider value={ask}>
      {children}
      {asked && <Question what={asked.what} done={done} />}
    </ConfirmContext.Provider>
  );
}

function Question({ what, done }: { what: Confirm; done: (yes: boolean) => void }) {
  const dialog = useRef<HTMLDialogElement>(null);
  const title = useId();
  useDialog(dialog);
  return (
    <dialog ref={dialog} className="dialog small" role="alertdialog" aria-labelledby={title} onCancel={() => done(false)}>
      <h2 id={title}>{plain(what.title)}</h2>
      <div className="dialog-body">
        <Words text={what.text} />
      </div>
      <footer>
        <button type="button" className="button" onClick={() => done(false)}>
          {plain(what.deny)}
        </button>
        <button type="button" autoFocus className={`button ${what.style ?? "primary"}`} onClick={() => done(true)}>
          {plain(what.confirm)}
        </button>
      </footer>
    </dialog>
  );
}
