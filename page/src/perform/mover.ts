// A control that is being moved: the last value goes out, at a pace that the daemon can follow; none is lost at the end.

const PACE_MS = 20;
/** Of what was sent, so many may wait for an answer: a slow line then gets fewer values, not later ones. */
const MOST_WAITING = 2;

export class Mover<T> {
  private wanted: { value: T } | null = null;
  private waiting = 0;
  private sentAt = Number.NEGATIVE_INFINITY;
  private timer: ReturnType<typeof setTimeout> | null = null;

  constructor(
    private readonly send: (value: T) => Promise<unknown>,
    private readonly idle: () => void = () => {},
    private readonly now: () => number = () => performance.now(),
  ) {}

  /** True while something is on its way. */
  get busy(): boolean {
    return this.wanted !== null || this.waiting > 0;
  }

  to(value: T): void {
    this.wanted = { value };
    this.go();
  }

  private go(): void {
    if (!this.wanted || this.waiting >= MOST_WAITING || this.timer !== null) return;
    const early = this.sentAt + PACE_MS - this.now();
    if (early > 0) {
      this.timer = setTimeout(() => {
        this.timer = null;
        this.go();
      }, early);
      return;
    }
    const { value } = this.wanted;
    this.wanted = null;
    this.waiting++;
    this.sentAt = this.now();
    void this.send(value).finally(() => {
      this.waiting--;
      this.go();
      if (!this.busy) this.idle();
    });
  }
}
