import type { Person } from "./types";

const HUES = [205, 265, 160, 25, 340, 120, 48];

export function Avatar({ person, size = 36 }: { person: Person | undefined; size?: number }) {
  if (person?.bot) return <img className="avatar" src="/icon.svg" alt="" width={size} height={size} />;
  const name = person?.real_name || person?.name || "?";
  const initials = name.split(" ").map((word) => word[0]).slice(0, 2).join("");
  const hue = HUES[[...(person?.id ?? "")].reduce((sum, letter) => sum * 11 + letter.charCodeAt(0), 7) % HUES.length];
  return (
    <svg className="avatar" width={size} height={size} viewBox="0 0 36 36" aria-hidden="true">
      <rect width="36" height="36" rx="9" fill={`hsl(${hue} 38% 42%)`} />
      <text x="18" y="23.5" textAnchor="middle" fill="#fff" fontSize="14" fontWeight="600">
        {initials}
      </text>
    </svg>
  );
}
