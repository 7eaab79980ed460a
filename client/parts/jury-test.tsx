import { JuryTest } from "../../protocol/jury.ts";
import { request } from "../api.ts";
import { t } from "../i18n.ts";
import { useLoaded } from "../load.ts";
import { LoadError, Waiting } from "./await.tsx";
import { TextBlock } from "./text-block.tsx";
import { Transcript } from "./transcript.tsx";

/** Everything that one test left behind, side by side. */
export function JuryTestView({
  submission,
  position,
  round,
}: {
  submission: string;
  position: number;
  round: number;
}) {
  const path = `/api/submissions/${submission}/jury/tests/${position}?round=${round}`;
  const loading = useLoaded(path, (signal) => request(JuryTest, path, { signal }));
  if (loading.loaded.state === "loading") return <Waiting />;
  if (loading.loaded.state === "failed") return <LoadError loading={loading} />;
  const { name, input, answer, output, stderr, feedback, transcript } = loading.loaded.value;
  const said = Object.entries(feedback);
  return (
    <section aria-labelledby="jury-test" class="jury-test">
      <h2 id="jury-test">{t("jury.testTitle", { name })}</h2>
      <div class="side-by-side">
        <TextBlock title={t("sample.input")} text={input.text} size={input.bytes} />
        <TextBlock title={t("jury.answer")} text={answer.text} size={answer.bytes} />
        {output === null ? (
          <p class="empty">{t("jury.noEvidence")}</p>
        ) : (
          <TextBlock title={t("results.output")} text={output.text} size={output.bytes} />
        )}
        {transcript === null ? null : <Transcript text={transcript} />}
        {stderr === "" ? null : <TextBlock title={t("results.stderr")} text={stderr} />}
        {said.map(([file, text]) => (
          <TextBlock key={file} title={t("jury.feedbackFile", { file })} text={text} />
        ))}
      </div>
    </section>
  );
}
