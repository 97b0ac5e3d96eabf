// Takes heard with a SoundFont: its blocks, one after another, each at its very frame.

import { LOUD } from "../sound/loud";
import type { Block, Synth } from "../sound/synth";
import type { Prepared, Sound } from "./audition";

/** More than what is struck ahead: nothing of a run is changed once it is begun, only thrown away. */
const MORE_SECONDS = 0.7;
const FADE_SECONDS = 0.012;

export class FontSound implements Sound {
  /** The first block is made in so long, with many parts, on a busy machine. */
  readonly lead = 0.2;
  private readonly out: DynamicsCompressorNode;
  /** Of the run: what it is heard through, and the frame of the context at which it begins. */
  private gain: GainNode;
  private start = 0;

  constructor(
    private readonly context: AudioContext,
    private readonly synth: Synth,
  ) {
    this.out = context.createDynamicsCompressor();
    this.out.connect(context.destination);
    this.gain = this.opened();
  }

  now(): number {
    return this.context.currentTime;
  }

  begin(take: Prepared, from: number, at: number): void {
    this.gain = this.opened();
    // On a whole frame: blocks that begin between two would click.
    this.start = Math.ceil(at * this.context.sampleRate);
    this.synth.onBlock = (block) => this.play(block);
    this.synth.begin(take.id, from, this.context.sampleRate);
  }

  until(at: number): void {
    this.synth.until(Math.ceil((at + MORE_SECONDS) * this.context.sampleRate) - this.start);
  }

  hush(): void {
    this.synth.hush();
    const [gain, now] = [this.gain, this.now()];
    gain.gain.setTargetAtTime(0, now, FADE_SECONDS);
    // What was still to come of it goes, too.
    setTimeout(() => gain.disconnect(), 8000 * FADE_SECONDS);
  }

  private opened(): GainNode {
    const gain = this.context.createGain();
    gain.gain.value = LOUD;
    gain.connect(this.out);
    return gain;
  }

  private play({ frame, left, right }: Block): void {
    const { sampleRate } = this.context;
    const buffer = this.context.createBuffer(2, left.length, sampleRate);
    buffer.copyToChannel(left, 0);
    buffer.copyToChannel(right, 1);
    const at = (this.start + frame) / sampleRate;
    // A browser that slept: what is over is left out, and the rest keeps its place.
    const late = Math.max(0, this.now() - at);
    if (late >= buffer.duration) return;
    const source = this.context.createBufferSource();
    source.buffer = buffer;
    source.connect(this.gain);
    source.start(at + late, late);
  }
}
