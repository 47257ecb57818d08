/** What a terminal shows, kept on the server: an xterm without a screen, serialised for whoever comes (back). */
import serialize from '@xterm/addon-serialize';
import graphemes from '@xterm/addon-unicode-graphemes';
import headless from '@xterm/headless';

/** 12 bytes a cell: at 120 columns a full terminal costs the server 1.5 MB. */
const SCROLLBACK_LINES = 1000;

export class Screen {
  readonly #terminal: headless.Terminal;
  readonly #serializer: serialize.SerializeAddon;

  constructor(columns: number, rows: number) {
    this.#terminal = new headless.Terminal({
      cols: columns,
      rows,
      scrollback: SCROLLBACK_LINES,
      allowProposedApi: true,
    });
    this.#serializer = new serialize.SerializeAddon();
    this.#terminal.loadAddon(this.#serializer as unknown as headless.ITerminalAddon);
    // The browser counts wide characters and clusters by the same rules, or lines would wrap elsewhere.
    this.#terminal.loadAddon(new graphemes.UnicodeGraphemesAddon() as unknown as headless.ITerminalAddon);
  }

  get columns(): number {
    return this.#terminal.cols;
  }
  get rows(): number {
    return this.#terminal.rows;
  }

  write(data: Buffer): void {
    this.#terminal.write(data);
  }

  resize(columns: number, rows: number): void {
    this.#terminal.resize(columns, rows);
  }

  /**
   * Escape sequences that bring an empty terminal of this size to what was written up to this call, scrollback and modes
   * included; nothing that is written after the call is in them.
   *
   * @param scrollback lines above the screen; all where nothing is said
   */
  serialize(scrollback?: number): Promise<string> {
    // Writes are parsed later and in order; the empty one is called back before the next is looked at.
    return new Promise((resolve) =>
      this.#terminal.write('', () =>
        resolve(this.#serializer.serialize(scrollback === undefined ? {} : { scrollback })),
      ),
    );
  }

  dispose(): void {
    this.#terminal.dispose();
  }
}
