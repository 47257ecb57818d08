/** What is behind a tab of the work besides the terminal. */
export interface Part {
  /** Each time it comes into view. */
  shown(): void;
}
