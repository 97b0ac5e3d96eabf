// Takes heard at Hitpoint's own ports, in the DAW's sounds: the daemon plays, and the page only asks.

import { daemonNow, told } from "../store";
import type { Prepared, Sound } from "./audition";
import { changed } from "./memory";

/** What the daemon has answered to play it has told everyone within this. */
const TOLD_MS = 3000;

interface Wish {
  readonly id: string;
  readonly second: number;
}

export class PortsSound implements Sound {
  /** About what it takes from here to the first note. */
  readonly lead = 0.08;
  private wanted: Wish | null = null;
  private asked: Wish | null = null;
  private busy = false;
  /** True once the daemon has said that it plays what is wanted. */
  private heard = false;

  /** `ended`: called when it is over, gave way to the host, or was refused. */
  constructor(private readonly ended: () => void) {
    told.audition.subscribe(({ take }) => {
      if (!this.wanted || this.busy) return;
      if (take === this.wanted.id) this.heard = true;
      else if (this.heard) this.end();
    });
    // A page that is closed leaves nothing playing that nobody sees.
    addEventListener("pagehide", () => {
      if (this.wanted) void changed("/hush", {}, true);
    });
  }

  now(): number {
    return daemonNow();
  }

  begin(take: Prepared, from: number): void {
    this.wish({ id: take.id, second: from });
  }

  until(): void {}

  hush(): void {
    this.wish(null);
  }

  /** One is asked at a time, and only what is wanted last: two on their way at once may come in any order. */
  private async wish(wanted: Wish | null): Promise<void> {
    this.wanted = wanted;
    this.heard = false;
    if (this.busy) return;
    this.busy = true;
    while (this.asked !== this.wanted) {
      const now = this.wanted;
      const done = now ? await changed(`/${now.id}/hear`, { second: now.second }) : await silence();
      this.asked = now;
      if (now && !done && this.wanted === now) this.asked = this.wanted = null;
      if (now && !this.wanted) this.ended();
    }
    this.busy = false;
    this.heard = told.audition.peek().take === this.wanted?.id;
    const wish = this.wanted;
    if (!wish || this.heard) return;
    // It may have given way to the host before anyone was told of it.
    setTimeout(() => {
      if (this.wanted === wish && !this.heard) this.end();
    }, TOLD_MS);
  }

  private end(): void {
    this.asked = this.wanted = null;
    this.ended();
  }
}

/** End what is heard at the ports, whoever asked for it. */
export function silence(): Promise<object | null> {
  return changed("/hush", {});
}
