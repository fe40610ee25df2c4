/** Answers in the order in which they become ready, at most `window` of them open. */
export class AnswerQueue<T> implements AsyncIterable<T> {
  readonly #window: number;
  readonly #ready: T[] = [];
  #open = 0;
  #ended = false;
  #failure: { error: unknown } | undefined;
  #wakeReader: (() => void) | undefined;
  #wakeWriter: (() => void) | undefined;

  constructor(window: number) {
    this.#window = window;
  }

  /** Resolves when one more answer may be opened. */
  async room(): Promise<void> {
    while (this.#open >= this.#window && !this.#failure) {
      await new Promise<void>((resolve) => (this.#wakeWriter = resolve));
    }
  }

  add(answer: Promise<T>): void {
    this.#open++;
    answer.then(
      (value) => {
        this.#ready.push(value);
        this.#wakeReader?.();
      },
      (error: unknown) => this.fail(error),
    );
  }

  end(): void {
    this.#ended = true;
    this.#wakeReader?.();
  }

  fail(error: unknown): void {
    this.#failure ??= { error };
    this.#wakeReader?.();
    this.#wakeWriter?.();
  }

  async *[Symbol.asyncIterator](): AsyncIterator<T> {
    for (;;) {
      while (this.#ready.length > 0) {
        const values = this.#ready.splice(0);
        this.#open -= values.length;
        this.#wakeWriter?.();
        yield* values;
      }
      if (this.#failure) throw this.#failure.error;
      if (this.#ended && this.#open === 0) return;
      await new Promise<void>((resolve) => (this.#wakeReader = resolve));
    }
  }
}
