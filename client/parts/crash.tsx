import { Component, type ComponentChildren } from "preact";
import { useLocation } from "preact-iso";
import { t } from "../i18n.ts";
import { Notice } from "./notice.tsx";
import { Page } from "./page.tsx";

interface CatcherProps {
  url: string;
  children: ComponentChildren;
}

/** Preact catches errors only in class components. Going to another page is a new beginning. */
class Catcher extends Component<CatcherProps, { error: unknown }> {
  override state = { error: null };

  static override getDerivedStateFromError(error: unknown): { error: unknown } {
    return { error };
  }

  override componentDidUpdate(before: CatcherProps): void {
    if (before.url !== this.props.url && this.state.error !== null) this.setState({ error: null });
  }

  override render() {
    return this.state.error === null ? this.props.children : <CrashPage error={this.state.error} />;
  }
}

/** Shows a page in place of one that failed to draw, so that the site around it stays usable. */
export function Crash({ children }: { children: ComponentChildren }) {
  const { url } = useLocation();
  return <Catcher url={url}>{children}</Catcher>;
}

const CrashPage = ({ error }: { error: unknown }) => (
  <Broken title={t("crash.title")} text={t("crash.text")} error={error} />
);

/** Stands for a page whose code did not come. */
export const MissingPage = ({ error }: { error: unknown }) => (
  <Broken title={t("crash.missingTitle")} text={t("crash.missing")} error={error} />
);

function Broken({ title, text, error }: { title: string; text: string; error: unknown }) {
  return (
    <Page title={title} width="text">
      <Notice kind="error">{text}</Notice>
      <details>
        <summary>{t("crash.details")}</summary>
        <pre class="block">{String(error)}</pre>
      </details>
      <p class="actions">
        <button type="button" onClick={() => location.reload()}>
          {t("action.reload")}
        </button>
        <a href="/">{t("nav.home")}</a>
      </p>
    </Page>
  );
}
