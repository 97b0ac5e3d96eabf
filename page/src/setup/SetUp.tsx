import { useSignal } from "@preact/signals";
import type { ComponentChildren } from "preact";
import { useEffect } from "preact/hooks";
import type { Finding } from "../link/protocol";
import { act, ask, learn, link, told } from "../store";
import { texts } from "../texts";

function Card({ title, wide, children }: { title: string; wide?: boolean; children: ComponentChildren }) {
  return (
    <section class={`panel card ${wide ? "wide" : ""}`} aria-label={title}>
      <h2>{title}</h2>
      {children}
    </section>
  );
}

function Facts({ of }: { of: readonly (readonly [string, ComponentChildren])[] }) {
  return (
    <dl class="facts">
      {of.map(([name, value]) => (
        <div key={name}>
          <dt>{name}</dt>
          <dd>{value}</dd>
        </div>
      ))}
    </dl>
  );
}

function List({ of }: { of: readonly string[] | undefined }) {
  if (!of?.length) return <>{texts.setup.none}</>;
  return (
    <ul class="plain">
      {of.map((one) => (
        <li key={one}>{one}</li>
      ))}
    </ul>
  );
}

/** A value of the status in words; what is nested, as `name value` pairs. */
function words(value: unknown): string {
  if (value === null || value === undefined || value === "") return "–";
  if (typeof value === "number") return Number.isInteger(value) ? String(value) : value.toFixed(3);
  if (typeof value === "boolean") return value ? "yes" : "no";
  if (Array.isArray(value)) return value.map(words).join(", ") || "–";
  if (typeof value === "object") {
    return Object.entries(value)
      .map(([name, inner]) => `${name.replaceAll("_", " ")} ${words(inner)}`)
      .join(", ");
  }
  return String(value);
}

/** Rows that the status tells as objects, with their members as columns. */
function Table({ of, name }: { of: readonly Readonly<Record<string, unknown>>[]; name: string }) {
  const names = [...new Set(of.flatMap((row) => Object.keys(row)))];
  return (
    // biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls must be reachable by keys.
    <section class="scroll" tabIndex={0} aria-label={name}>
      <table>
        <thead>
          <tr>
            {names.map((name) => (
              <th key={name} scope="col">
                {name.replaceAll("_", " ")}
              </th>
            ))}
          </tr>
        </thead>
        <tbody>
          {of.map((row, index) => (
            <tr key={index}>
              {names.map((name) => (
                <td key={name}>{words(row[name])}</td>
              ))}
            </tr>
          ))}
        </tbody>
      </table>
    </section>
  );
}

function duration(seconds: number): string {
  if (seconds < 90) return `${seconds.toFixed(0)} s`;
  if (seconds < 5400) return `${(seconds / 60).toFixed(0)} min`;
  return `${(seconds / 3600).toFixed(1)} h`;
}

function Leader() {
  const status = told.status.value;
  const clock = Object.entries(status.clock ?? {});
  return (
    <Card title={texts.setup.leader}>
      <p class="large">{texts.leaders[status.leader ?? ""] ?? status.leader ?? "…"}</p>
      {status.why && <p>{status.why}</p>}
      {typeof status.leads_seconds === "number" && (
        <p class="quiet">{texts.setup.leadsSince(duration(status.leads_seconds))}</p>
      )}
      {clock.length > 0 && <Facts of={clock.map(([name, value]) => [name.replaceAll("_", " "), words(value)])} />}
      {!!status.sources?.length && (
        <>
          <h3>{texts.setup.sources}</h3>
          <Table of={status.sources} name={texts.setup.sources} />
        </>
      )}
    </Card>
  );
}

function Doctor() {
  const findings = useSignal<readonly Finding[] | null>(null);
  const busy = useSignal(false);
  const run = async () => {
    busy.value = true;
    const answer = await ask({ ask: "doctor" });
    if (answer?.findings) findings.value = answer.findings;
    busy.value = false;
  };
  return (
    <Card title={texts.setup.doctor} wide>
      <button type="button" class="primary" disabled={busy.value} onClick={run}>
        {busy.value ? texts.setup.examining : texts.setup.runDoctor}
      </button>
      <div aria-live="polite">
        {findings.value && (
          <ul class="findings">
            {findings.value.map((finding) => (
              <li key={finding.check} class={finding.health}>
                <span class="badge">{texts.setup.health[finding.health]}</span>
                <div>
                  <b>{finding.check}</b> {finding.found}
                  {finding.advice && <p class="advice">{finding.advice}</p>}
                </div>
              </li>
            ))}
          </ul>
        )}
      </div>
    </Card>
  );
}

/** Which model writes, and a choice of another. */
function Model() {
  const status = told.status.value;
  const known = useSignal<readonly string[]>([]);
  useEffect(() => {
    learn({ ask: "models" }).then((answer) => {
      if (answer?.models) known.value = answer.models;
    });
  }, [link.ready.value]);
  const names = [...new Set([...known.value, ...(status.bundle ? [status.bundle] : [])])].sort();
  return (
    <label class="model-choice">
      <span>{texts.setup.anotherModel}</span>
      <select
        value={status.bundle ?? ""}
        disabled={names.length < 2}
        aria-describedby="model-help"
        onChange={(event) => {
          const select = event.currentTarget;
          const chosen = select.value;
          // What writes is what the daemon says, not what was picked: it may refuse.
          select.value = status.bundle ?? "";
          void act("/hitpoint/model", chosen);
        }}
      >
        {!status.bundle && <option value="">{texts.setup.loading}</option>}
        {names.map((name) => (
          <option key={name} value={name}>
            {name}
          </option>
        ))}
      </select>
      <small id="model-help" class="quiet">
        {texts.setup.modelHelp}
      </small>
    </label>
  );
}

/** What leads, what plays, what is wrong and how to mend it. */
export function SetUp() {
  const status = told.status.value;
  const { page, osc, midi } = { page: told.page.value, osc: told.osc.value, midi: told.midi.value };
  const processes = Object.entries(status.processes ?? {});
  return (
    <div class="setup">
      <h1>{texts.views.setup}</h1>
      <div class="cards">
        <Card title={texts.setup.troubles} wide>
          {status.troubles?.length ? (
            <ul class="troubles">
              {[...status.troubles].reverse().map((trouble, index) => (
                <li key={index}>{trouble}</li>
              ))}
            </ul>
          ) : (
            <p class="quiet">{texts.setup.noTroubles}</p>
          )}
        </Card>
        <Leader />
        <Card title={texts.setup.music}>
          <Facts
            of={[
              [texts.setup.model, status.bundle || texts.setup.loading],
              [texts.setup.answerSeconds, `${(status.answer_seconds ?? 0).toFixed(2)} s`],
              [texts.setup.byModel, words(status.bars_by_model)],
              [texts.setup.byFallback, words(status.bars_by_fallback)],
            ]}
          />
          <Model />
        </Card>
        <Card title={texts.setup.ports}>
          <Facts
            of={[
              [texts.setup.output, words(status.output)],
              [texts.setup.outputs, <List key="out" of={status.ports} />],
              [
                texts.setup.offsets,
                Object.entries(status.offsets_ms ?? {})
                  .map(([name, milliseconds]) => texts.setup.offset(name, milliseconds))
                  .join(", ") || texts.setup.noOffsets,
              ],
              [texts.setup.inputs, <List key="in" of={status.inputs} />],
              [texts.setup.osc, `${osc.host}:${osc.port}`],
            ]}
          />
        </Card>
        <Card title={texts.setup.processes}>
          <table>
            <thead>
              <tr>
                <th scope="col">{texts.setup.process}</th>
                <th scope="col">{texts.setup.id}</th>
                <th scope="col">{texts.setup.restarts}</th>
              </tr>
            </thead>
            <tbody>
              {processes.map(([name, id]) => (
                <tr key={name}>
                  <th scope="row">{name}</th>
                  <td>{id || "…"}</td>
                  <td>
                    {status.restarts?.[name] ?? 0}
                    {typeof status.restart_seconds?.[name] === "number" &&
                      ` (${(status.restart_seconds[name] as number).toFixed(2)} s)`}
                  </td>
                </tr>
              ))}
            </tbody>
          </table>
        </Card>
        <Card title={texts.setup.page}>
          <Facts
            of={[
              [texts.setup.version, `Hitpoint ${link.hitpoint.value}`],
              [texts.setup.address, page.address || location.origin],
              [texts.setup.clients, words(page.clients)],
              [texts.setup.dropped, words(page.dropped)],
              [texts.setup.lan, page.lan ? texts.setup.lanOn : texts.setup.lanOff],
            ]}
          />
        </Card>
        <Card title={texts.setup.hosts} wide={!!status.hosts?.length}>
          {status.hosts?.length ? (
            <Table of={status.hosts} name={texts.setup.hosts} />
          ) : (
            <p class="quiet">{texts.setup.noHosts}</p>
          )}
        </Card>
        <Card title={texts.setup.learned} wide={midi.bindings.length > 0}>
          {midi.bindings.length ? (
            <Table of={midi.bindings} name={texts.setup.learned} />
          ) : (
            <p class="quiet">{texts.setup.noBindings}</p>
          )}
        </Card>
        <Doctor />
      </div>
    </div>
  );
}
