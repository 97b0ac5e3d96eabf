import { useEffect } from "preact/hooks";
import { Header } from "./frame/Header";
import { Keys } from "./frame/Keys";
import { Banner, Toasts, TroublesHeard } from "./frame/Notices";
import { Perform } from "./perform/Perform";
import { keysShown } from "./perform/shortcuts";
import { view } from "./route";
import { SetUp } from "./setup/SetUp";
import { TakesView } from "./takes/TakesView";
import { texts } from "./texts";
import { TimelineView } from "./timeline/TimelineView";

export function App() {
  const now = view.value;
  useEffect(() => {
    document.title = `${texts.views[now]} · ${texts.name}`;
  }, [now]);
  return (
    <>
      <button type="button" class="skip" onClick={() => document.getElementById("content")?.focus()}>
        {texts.skip}
      </button>
      <Header />
      <Banner />
      <main id="content" tabIndex={-1}>
        {now === "perform" && <Perform showKeys={() => (keysShown.value = true)} />}
        {now === "timeline" && <TimelineView />}
        {now === "takes" && <TakesView />}
        {now === "setup" && <SetUp />}
      </main>
      <Toasts />
      <TroublesHeard />
      <Keys />
    </>
  );
}
