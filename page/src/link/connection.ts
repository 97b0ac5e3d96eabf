// One WebSocket to the daemon: it says when the daemon is gone, comes back by itself, and answers what was asked.

import type { Answer, Message, Request } from "./protocol";

/** The daemon speaks every 0.5 s. A little less than the 1 s after which a person must know. */
const SILENT_MS = 950;
/** Silent for so long, the socket is given up and another is opened. */
const GIVEN_UP_MS = 4000;
const LOOK_MS = 50;
const FIRST_WAIT_MS = 200;
const LONGEST_WAIT_MS = 2000;

export interface Listener {
  message(message: Exclude<Message, Answer>): void;
  /** Something was heard again, or nothing for too long. */
  there(there: boolean): void;
}

/** What the page needs of a socket; a WebSocket has it. */
export interface Socket {
  onopen: ((event: never) => void) | null;
  onmessage: ((event: { data: unknown }) => void) | null;
  onclose: ((event: never) => void) | null;
  send(text: string): void;
  close(): void;
}

export class Refused extends Error {}

interface Pending {
  readonly resolve: (answer: Answer) => void;
  readonly reject: (error: Error) => void;
}

export class Connection {
  private socket: Socket | null = null;
  private open = false;
  private there = false;
  private heardAt = 0;
  private wait = FIRST_WAIT_MS;
  private nextTry = 0;
  private id = 0;
  private readonly pending = new Map<number, Pending>();
  private readonly timer: ReturnType<typeof setInterval>;

  constructor(
    private readonly make: () => Socket,
    private readonly listener: Listener,
    private readonly words: { readonly notConnected: string; readonly noAnswer: string },
    private readonly now: () => number = () => performance.now(),
  ) {
    this.connect();
    this.timer = setInterval(() => this.look(), LOOK_MS);
  }

  /** Ask, and wait for the answer. Refused when the daemon says no, or is not there. */
  ask(request: Request): Promise<Answer> {
    const socket = this.socket;
    if (!socket || !this.open || !this.there) return Promise.reject(new Refused(this.words.notConnected));
    const id = ++this.id;
    return new Promise((resolve, reject) => {
      this.pending.set(id, { resolve, reject });
      socket.send(JSON.stringify({ id, ...request }));
    });
  }

  /** Try at once, and not in a while: the page has been shown again. */
  hurry(): void {
    this.nextTry = 0;
    this.look();
  }

  /** Begin anew: what was told makes no sense. */
  restart(): void {
    this.drop();
    this.nextTry = 0;
  }

  stop(): void {
    clearInterval(this.timer);
    this.drop();
  }

  private connect(): void {
    const socket = this.make();
    this.socket = socket;
    this.heardAt = this.now();
    socket.onopen = () => {
      this.open = socket === this.socket;
    };
    socket.onmessage = (event) => {
      if (socket === this.socket) this.take(String(event.data));
    };
    socket.onclose = () => {
      if (socket === this.socket) this.drop();
    };
  }

  private take(text: string): void {
    this.heardAt = this.now();
    this.wait = FIRST_WAIT_MS;
    const message = JSON.parse(text) as Message;
    this.tell(true);
    if (message.type !== "answer") {
      this.listener.message(message);
      return;
    }
    const waiting = message.id === null ? undefined : this.pending.get(message.id);
    if (!waiting || message.id === null) return;
    this.pending.delete(message.id);
    if (message.ok) waiting.resolve(message);
    else waiting.reject(new Refused(message.error ?? this.words.noAnswer));
  }

  private look(): void {
    const now = this.now();
    if (!this.socket) {
      if (now >= this.nextTry) this.connect();
      return;
    }
    const silent = now - this.heardAt;
    if (silent > SILENT_MS) this.tell(false);
    if (silent > GIVEN_UP_MS) this.drop();
  }

  private drop(): void {
    const socket = this.socket;
    this.socket = null;
    this.open = false;
    socket?.close();
    this.nextTry = this.now() + this.wait;
    this.wait = Math.min(LONGEST_WAIT_MS, this.wait * 1.6);
    const left = [...this.pending.values()];
    this.pending.clear();
    for (const one of left) one.reject(new Refused(this.words.noAnswer));
    this.tell(false);
  }

  private tell(there: boolean): void {
    if (there === this.there) return;
    this.there = there;
    this.listener.there(there);
  }
}
