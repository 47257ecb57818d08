/**
 * What is typed, until the server says that the shell has it: numbered, kept while the connection is lost, sent again
 * after it, in order and once. What was typed into one shell never goes to another.
 */
import { INPUT_KEPT, INPUT_KEPT_LOST, INPUT_LIMIT, INPUT_ON_THE_WAY } from '../../protocol/terminal-limits.ts';
import { pieces } from './pieces.ts';

interface Piece {
  readonly sequence: number;
  data: string;
}

export interface InputPlace {
  /** Whether input reaches the server now. */
  live(): boolean;
  send(piece: Readonly<Piece>): void;
}

export class Input {
  readonly #place: InputPlace;
  /** Not accepted yet, in order. */
  #pieces: Piece[] = [];
  /** The highest number that any socket has carried: a piece that was sent is never changed. */
  #everSent = 0;
  /** The highest number that this socket has carried. */
  #sent = 0;
  #accepted = 0;
  #shell: string | undefined;

  constructor(place: InputPlace) {
    this.#place = place;
  }

  /** Characters that the shell does not have yet. */
  get waiting(): number {
    return this.#pieces.reduce((sum, { data }) => sum + data.length, 0);
  }

  /** Takes all of `data` or, when that is more than is kept, nothing of it. @returns whether it was taken */
  type(data: string): boolean {
    if (this.waiting + data.length > (this.#place.live() ? INPUT_KEPT : INPUT_KEPT_LOST)) return false;
    for (const piece of pieces(data)) this.#add(piece);
    this.#flush();
    return true;
  }

  /** A connection is there. @returns false when input was thrown away, since the shell it was meant for is gone */
  ready(shell: string, accepted: number): boolean {
    // A server that has fewer than it accepted before has forgotten this page: what it has of the rest is not known.
    const same = this.#shell === shell ? accepted >= this.#accepted : this.#shell === undefined;
    const kept = same || this.#pieces.length === 0;
    if (!same || this.#shell === undefined) this.#renumber(same ? this.#pieces : [], accepted);
    this.#shell = shell;
    this.#sent = accepted;
    this.accepted(accepted);
    return kept;
  }

  accepted(sequence: number): void {
    this.#accepted = Math.max(this.#accepted, sequence);
    this.#pieces = this.#pieces.filter((piece) => piece.sequence > this.#accepted);
    this.#flush();
  }

  /** The person has asked for another shell: nothing is left of what the old one was told. */
  forget(): void {
    this.#renumber([], 0);
    this.#shell = undefined;
  }

  #renumber(left: Piece[], accepted: number): void {
    this.#accepted = accepted;
    this.#everSent = accepted;
    this.#sent = accepted;
    this.#pieces = left.map(({ data }, index) => ({ sequence: accepted + index + 1, data }));
  }

  /** Key strokes that wait together go together. */
  #add(data: string): void {
    const last = this.#pieces.at(-1);
    if (last && last.sequence > this.#everSent && last.data.length + data.length <= INPUT_LIMIT) last.data += data;
    else this.#pieces.push({ sequence: (last?.sequence ?? this.#accepted) + 1, data });
  }

  #flush(): void {
    if (!this.#place.live()) return;
    let onTheWay = 0;
    for (const piece of this.#pieces) {
      onTheWay += piece.data.length;
      if (onTheWay > INPUT_ON_THE_WAY) return;
      if (piece.sequence <= this.#sent) continue;
      this.#place.send(piece);
      this.#sent = piece.sequence;
      this.#everSent = Math.max(this.#everSent, piece.sequence);
    }
  }
}
