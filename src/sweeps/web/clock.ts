/** Passes steps on at most once a second; the end of a task, step 0, is not news. */
export function everySecond(tell: (step: number) => void): (step: number) => void {
  let last = performance.now();
  return (step) => {
    const now = performance.now();
    if (step === 0 || now - last < 1000) return;
    last = now;
    tell(step);
  };
}
