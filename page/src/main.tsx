import { render } from "preact";
import { App } from "./App";
import { watchTaps } from "./frame/taps";
import { watchKeys } from "./perform/shortcuts";
import { watchHash } from "./route";
import { connect } from "./store";
import "./style.css";

watchHash();
watchKeys();
watchTaps();
connect();
render(<App />, document.getElementById("app") as HTMLElement);
