// A wait that can be cut short, so that "we are online again" does not sit out a back-off.
export class Pause {
  wait(ms) {
    return new Promise((resolve) => {
      const timer = setTimeout(() => this.wake(), ms);
      this.wake = () => {
        clearTimeout(timer);
        this.wake = () => {};
        resolve();
      };
    });
  }

  wake() {}
}

// 1, 2, 4, 8 … 15 seconds.
export function backoff(attempt) {
  return Math.min(15000, 1000 * 2 ** Math.max(0, attempt - 1));
}
