import { t } from "../../i18n.ts";
import { Icon, type IconName } from "../../parts/icons.tsx";
import type { Device, Gpu } from "./device.ts";

type Line = readonly [IconName, string];

/** What this device can do, in plain words. */
export function DeviceCard({ device }: { device: Device | null }) {
  return (
    <section class="card panel" aria-labelledby="device">
      <h2 id="device">{t("provide.device")}</h2>
      {device === null ? (
        <output class="soft">{t("provide.looking")}</output>
      ) : (
        <ul class="device-lines">
          {linesOf(device).map(([icon, text]) => (
            <li key={text}>
              <Icon name={icon} />
              <span>{text}</span>
            </li>
          ))}
        </ul>
      )}
    </section>
  );
}

const linesOf = ({ gpu, cores, memory, threads }: Device): Line[] => [
  ...gpuLines(gpu),
  ["chip", t(threads ? "provide.coresUsed" : "provide.coresOne", { count: cores })],
  memory === null
    ? ["question", t("provide.memoryUnknown")]
    : ["info", t("provide.memory", { gigabytes: memory })],
];

function gpuLines(gpu: Gpu | null): Line[] {
  if (gpu === null) return [["info", t("provide.noGpu")]];
  const name = gpu.name === "" ? t("provide.unnamed") : gpu.name;
  if (gpu.isFallback) return [["info", t("provide.fallbackGpu", { name })]];
  const gigabytes = Math.round((gpu.bufferBytes / 1024 ** 3) * 10) / 10;
  return [
    ["check", t("provide.gpu", { name, gigabytes })],
    gpu.hasF16 ? ["check", t("provide.f16")] : ["warning", t("provide.noF16")],
  ];
}
