export function BrandMark({ size = 22 }: { size?: number }) {
  return (
    <svg width={size} height={size} viewBox="0 0 24 24" aria-hidden="true" fill="var(--fir)">
      <path d="M3.2 5.2 11 2.4l2.3 8.4-9.8 2.6z" />
      <path d="M12.4 2.4 20.6 5l.4 8-6.6-2.5z" opacity=".55" />
      <path d="M3.6 14.8l9.9-2.6 7.3 2.6-2.1 5.4-7 1.8-6.6-3z" opacity=".8" />
    </svg>
  );
}
