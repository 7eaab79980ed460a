import { useEffect } from "preact/hooks";
import { Waiting } from "../parts/await.tsx";

/** The tab that provides is a document of its own, with headers of its own: it is loaded as one. */
export default function Provide() {
  useEffect(() => location.reload(), []);
  return <Waiting />;
}
