/** Whether an element has come into view: what costs is begun then, not before. */
import { useEffect, useRef, useState } from 'preact/hooks';

/** Distance in px at which it counts as in view. */
const NEAR = '200px';

export function useSeen<E extends Element>(): readonly [{ readonly current: E | null }, boolean] {
  const ref = useRef<E>(null);
  const [seen, setSeen] = useState(false);
  useEffect(() => {
    if (seen || !ref.current) return;
    const watch = new IntersectionObserver((entries) => entries.some((one) => one.isIntersecting) && setSeen(true), {
      rootMargin: NEAR,
    });
    watch.observe(ref.current);
    return () => watch.disconnect();
  }, [seen]);
  return [ref, seen];
}
