// What a person is told when the app did not answer as it should.
import { Refused } from "./api";
import type { Sent } from "./types";

export async function outcome(app: string, send: () => Promise<Sent>): Promise<string> {
  try {
    const sent = await send();
    if (sent.status === 0) return `${app} could not be reached: ${sent.body}`;
    if (sent.status !== 200) return `${app} answered with an error (${sent.status}). Nothing may have happened.`;
    return sent.in_time ? "" : `${app} took ${(sent.elapsed_ms / 1000).toFixed(1)} s to answer; Slack waits for 3 s.`;
  } catch (failed) {
    return failed instanceof Refused ? failed.message : "The local Slack does not answer. Is it still running?";
  }
}
