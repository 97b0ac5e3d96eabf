// A plain tone for each family, made by the browser itself: enough to compare takes by, and no more.

import type { Heard, Striker } from "./audition";

interface Tone {
  readonly wave: OscillatorType;
  /** Seconds from nothing to loudest. */
  readonly attack: number;
  /** Seconds in which it falls to a third while held; 0 for what is held as loud. */
  readonly decay: number;
  /** Seconds it takes to end. */
  readonly release: number;
  readonly loud: number;
  /** Hz above which it is dull. */
  readonly cutoff: number;
}

const PLAIN: Tone = { wave: "triangle", attack: 0.01, decay: 0, release: 0.1, loud: 0.5, cutoff: 5000 };
const TONES: Readonly<Record<string, Tone>> = {
  strings: { wave: "sawtooth", attack: 0.07, decay: 0, release: 0.18, loud: 0.3, cutoff: 1900 },
  brass: { wave: "sawtooth", attack: 0.03, decay: 0, release: 0.09, loud: 0.36, cutoff: 1300 },
  winds: { wave: "triangle", attack: 0.03, decay: 0, release: 0.08, loud: 0.5, cutoff: 4500 },
  choir: { wave: "triangle", attack: 0.12, decay: 0, release: 0.3, loud: 0.5, cutoff: 1500 },
  keys: { wave: "triangle", attack: 0.004, decay: 0.7, release: 0.12, loud: 0.7, cutoff: 4500 },
  plucked: { wave: "triangle", attack: 0.003, decay: 0.35, release: 0.2, loud: 0.75, cutoff: 6000 },
  percussion: { wave: "sine", attack: 0.003, decay: 0.3, release: 0.3, loud: 0.9, cutoff: 6000 },
  synth: { wave: "square", attack: 0.03, decay: 0, release: 0.25, loud: 0.22, cutoff: 2200 },
};
const DRUM_SECONDS = { low: 0.22, high: 0.12 };
/** General MIDI: keys up to here are bass drums. */
const BASS_DRUMS = 36;
const MOST_VOICES = 96;
const FADE_SECONDS = 0.012;

interface Voice {
  readonly source: AudioScheduledSourceNode;
  readonly gain: GainNode;
}

export class Tones implements Striker {
  private readonly out: DynamicsCompressorNode;
  private readonly families = new Map<string, AudioNode>();
  private readonly voices = new Set<Voice>();
  private readonly noise: AudioBuffer;

  constructor(private readonly context: AudioContext) {
    this.out = context.createDynamicsCompressor();
    const level = context.createGain();
    level.gain.value = 0.35;
    level.connect(this.out).connect(context.destination);
    this.families.set("", level);
    this.noise = context.createBuffer(1, context.sampleRate / 2, context.sampleRate);
    const data = this.noise.getChannelData(0);
    for (let at = 0; at < data.length; at++) data[at] = Math.random() * 2 - 1;
  }

  now(): number {
    return this.context.currentTime;
  }

  strike(note: Heard, at: number, seconds: number): void {
    if (this.voices.size >= MOST_VOICES) return;
    if (note.family === "drums") this.drum(note, at);
    else this.tone(note, at, seconds);
  }

  hush(): void {
    const now = this.context.currentTime;
    for (const { source, gain } of this.voices) {
      gain.gain.cancelScheduledValues(now);
      gain.gain.setTargetAtTime(0, now, FADE_SECONDS);
      source.stop(now + 8 * FADE_SECONDS);
    }
    this.voices.clear();
  }

  private tone(note: Heard, at: number, seconds: number): void {
    const { wave, attack, decay, release, loud } = TONES[note.family] ?? PLAIN;
    const source = this.context.createOscillator();
    source.type = wave;
    source.frequency.value = 440 * 2 ** ((note.pitch - 69) / 12);
    const gain = this.voice(source, this.family(note.family));
    const peak = loud * (note.velocity / 127) ** 1.5;
    const end = at + Math.max(seconds, attack);
    gain.setValueAtTime(0, at);
    gain.linearRampToValueAtTime(peak, at + attack);
    if (decay) gain.setTargetAtTime(0, at + attack, decay);
    // From wherever it is: an end that jumps would click.
    gain.setTargetAtTime(0, end, release / 4);
    source.start(at);
    source.stop(end + release * 1.5);
  }

  private drum(note: Heard, at: number): void {
    const low = note.pitch <= BASS_DRUMS;
    const long = low ? DRUM_SECONDS.low : DRUM_SECONDS.high;
    let source: AudioScheduledSourceNode;
    let to = this.family("");
    if (low) {
      const drum = this.context.createOscillator();
      drum.frequency.setValueAtTime(120, at);
      drum.frequency.exponentialRampToValueAtTime(45, at + 0.1);
      source = drum;
    } else {
      const hiss = this.context.createBufferSource();
      hiss.buffer = this.noise;
      const filter = this.context.createBiquadFilter();
      filter.type = "bandpass";
      filter.frequency.value = Math.min(9000, 200 * 2 ** ((note.pitch - 36) / 8));
      filter.connect(to);
      [source, to] = [hiss, filter];
    }
    const gain = this.voice(source, to);
    gain.setValueAtTime((low ? 0.9 : 0.5) * (note.velocity / 127) ** 1.5, at);
    gain.setTargetAtTime(0, at, long / 4);
    source.start(at);
    source.stop(at + long * 2);
  }

  /** Connect a source through a gain of its own, forgotten when it has ended. */
  private voice(source: AudioScheduledSourceNode, to: AudioNode): AudioParam {
    const gain = this.context.createGain();
    gain.gain.value = 0;
    source.connect(gain).connect(to);
    const voice = { source, gain };
    this.voices.add(voice);
    source.onended = () => {
      this.voices.delete(voice);
      gain.disconnect();
    };
    return gain.gain;
  }

  private family(name: string): AudioNode {
    let found = this.families.get(name);
    if (!found) {
      const filter = this.context.createBiquadFilter();
      filter.type = "lowpass";
      filter.frequency.value = (TONES[name] ?? PLAIN).cutoff;
      filter.connect(this.families.get("") as AudioNode);
      this.families.set(name, filter);
      found = filter;
    }
    return found;
  }
}
