// A dialog that takes the keyboard while it is there, and then gives it back to where it was.
import { useEffect } from "react";
import type { RefObject } from "react";

export function useDialog(dialog: RefObject<HTMLDialogElement | null>) {
  useEffect(() => {
    const before = document.activeElement;
    dialog.current?.showModal();
    return () => {
      if (before instanceof HTMLElement && before.isConnected) before.focus();
    };
  }, [dialog]);
}
