/**
 * The Japanese of what a program writes into the pages of experiments, made from the English. What is not known here is
 * an error, so that nobody forgets it.
 */

const labels: Readonly<Record<string, string>> = {
  figure: "数値",
  client: "クライアント",
  expected: "期待",
  measured: "測定値",
  holds: "成立",
  because: "理由",
  yes: "はい",
  "**no**": "**いいえ**",
  "each client": "各クライアント",
  "client outside all clusters": "全クラスターの外のクライアント",
  never: "起きない",
  any: "任意",
  none: "なし",
  "failed requests": "失敗したリクエスト",
  "failed at an endpoint that had answered badly before": "すでに失敗を返したエンドポイントでの失敗",
  "share of requests that failed": "失敗したリクエストの割合",
  "late requests": "遅いリクエスト",
  "from the fault to the first error": "障害から最初のエラーまで",
  "from the fault to the first good answer from elsewhere": "障害から別の場所の最初の正常な応答まで",
  "from the fault to steady state": "障害から定常状態まで",
  "from the undo to steady state": "元に戻してから定常状態まで",
  "from the fault until all is back": "障害からすべてが戻るまで",
  "from the undo to fail-back": "元に戻してからフェイルバックまで",
  "changes of the cluster that answers most": "最も多く応答するクラスターの交代",
  "p50 before the fault": "障害の前の p50",
  "p99 before the fault": "障害の前の p99",
  "p99 latency from fault to undo": "障害から元に戻すまでの p99 レイテンシー",
  "p99 latency of failed requests": "失敗したリクエストの p99 レイテンシー",
  "share answered from home from fault to undo": "障害から元に戻すまでに自クラスターが応答した割合",
  experiment: "実験",
  "what is done": "行うこと",
};

const conditions: Readonly<Record<string, string>> = {
  "measured under": "測定条件",
  stack: "スタック",
  platform: "プラットフォーム",
  started: "開始",
  versions: "バージョン",
  machine: "マシン",
  load: "負荷",
  "clients give up after": "クライアントが待つ時間",
  "not sent in time": "時刻どおりに送られなかった数",
  clocks: "時計",
  clusters: "クラスター",
  repeats: "反復",
};

/** Why a figure must be so, as the experiments say it. */
const reasons: Readonly<Record<string, string>> = {
  "A try waits half a second for a connection (`connectTimeout`), and there are six at most.":
    "1 回の試行が接続を待つのは 0.5 秒（`connectTimeout`）、試行は最大 6 回です。",
  "After the first time-outs all local endpoints are out.":
    "最初のタイムアウトの後、ローカルのエンドポイントはすべて除外されています。",
  "An endpoint is back when its ejection ends (`baseEjectionTime: 1m`), which a sweep looks at each second.":
    "エンドポイントは除外時間（`baseEjectionTime: 1m`）が終わると戻ります。確認は毎秒行われます。",
  "An endpoint is out with the first failure (`consecutive5xxErrors: 1`), and ejection is immediate.":
    "エンドポイントは最初の失敗で除外され（`consecutive5xxErrors: 1`）、除外はただちに効きます。",
  "An endpoint that is out stays out for its ejection time, so nothing goes back and forth.":
    "除外されたエンドポイントは除外時間のあいだ戻らないため、行き来は起きません。",
  "Broken connections are made again, and the load balancer's health check takes the pod out.":
    "切れた接続は張り直され、ロードバランサーのヘルスチェックがその Pod を外します。",
  "Ejection is immediate; with every local endpoint out, the other cluster answers.":
    "除外はただちに効き、ローカルのエンドポイントがすべて除外されると他方のクラスターが応答します。",
  "Endpoints come back one by one, and each answers well.": "エンドポイントは 1 つずつ戻り、どれも正常に応答します。",
  "Envoy ejects 10 % of endpoints by default, so most sick ones stay.":
    "Envoy の既定ではエンドポイントの 10 % までしか除外されず、異常なものの大半が残ります。",
  "It waits for other clusters, but no longer than `PILOT_REMOTE_CLUSTER_TIMEOUT` says.":
    "ほかのクラスターを待ちますが、`PILOT_REMOTE_CLUSTER_TIMEOUT` より長くは待ちません。",
  "Its certificates are not signed by a root that the client trusts.":
    "証明書が、クライアントの信頼するルート証明書で署名されていません。",
  "No endpoint is nearer than any other, so all get their share.":
    "どのエンドポイントも同じ近さになるため、すべてに均等に送られます。",
  "Once its own endpoints are gone, the other cluster answers.":
    "自クラスターのエンドポイントがなくなると、他方のクラスターが応答します。",
  "Outlier detection counts errors and time-outs, not latency: a slow endpoint is kept.":
    "外れ値検出が数えるのはエラーとタイムアウトで、レイテンシーではありません。遅いエンドポイントは残ります。",
  "Requests stay in their cluster, as long as it has endpoints: none is under way in the lost one.":
    "エンドポイントがある限りリクエストは自クラスターにとどまり、失われた側で処理中のものはありません。",
  "Requests stay in their cluster, as long as it has endpoints.":
    "エンドポイントがある限り、リクエストは自クラスターにとどまります。",
  "The first bad answer of an endpoint puts it out for this client, and 500 is not tried again.":
    "エンドポイントは最初の失敗応答でこのクライアントから除外されます。500 はリトライされません。",
  "The other cluster's clients never come here.": "他方のクラスターのクライアントはここには来ません。",
  "Two zones, in each of which one try of a second and a half is made; then comes the other cluster.":
    "2 つのゾーンで 1.5 秒の試行を 1 回ずつ行い、その次は他方のクラスターです。",
  "What is sent after an endpoint's first bad answer goes elsewhere.":
    "エンドポイントの最初の失敗応答より後に送られたものは、別の場所へ行きます。",
  "Without outlier detection nobody leaves an endpoint, however sick it is.":
    "外れ値検出がなければ、どれほど異常なエンドポイントも使われ続けます。",
  "There are no priorities either: requests go to all endpoints of both clusters, the sick ones among them.":
    "優先度もないため、異常なものを含む両クラスターの全エンドポイントへリクエストが送られます。",
  "DNS leaves a gateway out after three failed checks, and clients ask again when the name's time is over.":
    "DNS は 3 回のチェック失敗でゲートウェイを外し、クライアントは TTL が切れると再び名前解決します。",
  "A connection that breaks is tried again at another endpoint (`reset`, `connect-failure`).":
    "切れた接続は別のエンドポイントへリトライされます（`reset`、`connect-failure`）。",
  "A connection that is refused is tried again, also in another region (`retryRemoteLocalities`).":
    "拒否された接続は、別のリージョンへもリトライされます（`retryRemoteLocalities`）。",
  "What broke is tried again, in the other zone and then in the other cluster, which also takes what spills over while the dead are still in the list.":
    "壊れたものは、もう一方のゾーン、その後に他方のクラスターでリトライされます。死んだ Pod が一覧にある間にあふれた分も、他方のクラスターが引き受けます。",
  "Requests stay in their zone, as long as it has endpoints; of the others each is tried again, and its endpoint out.":
    "ゾーンにエンドポイントがある限り、リクエストはそこにとどまります。ほかのものはリトライされ、そのエンドポイントは除外されます。",
  "Nothing of what is lost is asked.": "失われたものには、何も送られません。",
  "What is under way is lost with the cluster, if names were to lead elsewhere at once.":
    "名前がただちに別の場所を指すなら、失われるのは、そのとき処理中のものだけです。",
  "A late answer is an answer.": "遅い応答も応答です。",
  "A try that times out is made again, elsewhere, and its endpoint is out.":
    "タイムアウトした試行は別の場所へリトライされ、そのエンドポイントは除外されます。",
  "Both intermediates are verified up to the same root.": "どちらの中間証明書も同じルート証明書まで検証されます。",
  "Endpoints leave the proxies' lists before their pods end.":
    "エンドポイントは、Pod が終わる前にプロキシの一覧から外れます。",
  "Evicted pods are taken out of service first, and budgets keep a gateway, an istiod and two pods of three.":
    "退避される Pod は先に配信対象から外れ、PodDisruptionBudget がゲートウェイと istiod を 1 つずつ、サービスの Pod を 3 つのうち 2 つ残します。",
  "Proxies go on with what they know; only changes and new certificates have to wait (a day at most).":
    "プロキシは知っている設定で動き続けます。待たされるのは変更と新しい証明書（最長 1 日）だけです。",
  "The new token is in place before the old one goes, and istiod keeps the endpoints it knows.":
    "古いトークンが消える前に新しいトークンが置かれ、istiod は知っているエンドポイントを保ちます。",
  "What istiod has read it keeps, and its proxies with it.": "istiod は読み取ったものを保ち、そのプロキシも保ちます。",
  "What one root has signed is still trusted while both are.":
    "両方のルート証明書が信頼されているあいだは、どちらの署名も信頼されます。",
};

const verdicts: Readonly<Record<string, string>> = {
  "**Holds.**": "**成立。**",
  "**Does not hold.**": "**不成立。**",
  "**Failed as predicted.**": "**予測どおり失敗。**",
  "**Did not fail as predicted.**": "**予測どおりには失敗せず。**",
};

const sentences: readonly (readonly [RegExp, string])[] = [
  [/^Not measured yet\.$/, "まだ測定していません。"],
  [/^All of it held in (\S+) repeats?\.$/, "$1 回の反復すべてで期待どおりでした。"],
  [/^Nothing was expected, so nothing can hold\.$/, "何も期待されていないため、何も成立しません。"],
  [
    /^In repeat (\d+) the client in (\S+) did not send (\S+) requests? in time\.$/,
    "反復 $1 で、$2 のクライアントは $3 件のリクエストを時刻どおりに送れませんでした。",
  ],
  [
    /^In repeat (\d+) the client outside all clusters did not send (\S+) requests? in time\.$/,
    "反復 $1 で、全クラスターの外のクライアントは $2 件のリクエストを時刻どおりに送れませんでした。",
  ],
  [
    /^At the end of repeat (\d+) the lab was not steady: (.*)\.$/,
    "反復 $1 の終わりにラボは定常状態ではありませんでした: $2。",
  ],
  [
    /^This is a control: what it does must fail, which shows that the measurement notices such a failure\.$/,
    "これは対照実験です。失敗しなければならず、失敗によって、測定がそのような失敗を捉えることを示します。",
  ],
  [
    /^The picture shows the median repeat by failed requests, then by time to steady state\.$/,
    "図は、失敗したリクエスト数、次に定常状態までの時間で並べた中央の反復を示します。",
  ],
  [
    /^Measured is the median of the repeats, with the range in brackets where they differ\.$/,
    "測定値は反復の中央値で、反復ごとに異なる場合は範囲を括弧で示します。",
  ],
  [/^!\[Timeline of repeat (\d+) of (\d+)\]\((.*)\)$/, "![反復 $2 回中 $1 回目のタイムライン]($3)"],
  [/^!\[Timeline of the only repeat\]\((.*)\)$/, "![1 回だけの反復のタイムライン]($1)"],
];

const cells: readonly (readonly [RegExp, string])[] = [
  [/^client in (\S+)$/, "$1 のクライアント"],
  [/^at least (.+) and at most (.+)$/, "$1 以上 $2 以下"],
  [/^at most (.+)$/, "$1 以下"],
  [/^at least (.+)$/, "$1 以上"],
  [/^(.+) \((.+) to (.+)\)$/, "$1（$2～$3）"],
  [/^(.+) \((.+) to (.+)\); never in (\d+) of (\d+) repeats$/, "$1（$2～$3）。$5 回中 $4 回は起きず"],
  [/^(.+); never in (\d+) of (\d+) repeats$/, "$1。$3 回中 $2 回は起きず"],
  [/^(.+) \((.+) to (.+)\); none in (\d+) of (\d+) repeats$/, "$1（$2～$3）。$5 回中 $4 回は値なし"],
  [/^(.+); none in (\d+) of (\d+) repeats$/, "$1。$3 回中 $2 回は値なし"],
  // Numbers with their units need no words.
  [/^((?:below |above )?[\d.,]+(?: ms| s| %)?|—|)$/, "$1"],
];

const values: readonly (readonly [RegExp, string])[] = [
  [/^local cloud$/, "ローカルクラウド"],
  [
    /^(\S+) requests\/s from each client, sent whether earlier ones were answered or not$/,
    "各クライアントから毎秒 $1 リクエスト。前の応答を待たずに送信",
  ],
  [/^none$/, "なし"],
  [/^all clients and the command have one clock$/, "全クライアントとコマンドが同じ時計を使用"],
  [/: Kubernetes (\S+), (\d+) nodes? in (\d+) zones?/g, ": Kubernetes $1、$3 ゾーンに $2 ノード"],
  [/^(\d+) cores? of (.+), (\d+) GiB, (.+)$/, "$2 の $1 コア、$3 GiB、$4"],
];

/**
 * A generated part in Japanese.
 * @throws Error that names what has no Japanese here
 */
export function inJapanese(markdown: string): string {
  return markdown
    .split("\n")
    .map((line) => (line.startsWith("|") ? row(line) : sentence(line)))
    .join("\n");
}

function row(line: string): string {
  if (/^\|[ -|]+\|$/.test(line) && line.includes("---")) return line;
  const given = line
    .slice(1, -1)
    .split(/(?<!\\)\|/)
    .map((cell) => cell.trim());
  const [first = "", second = "", ...more] = given;
  const condition = more.length === 0 ? conditions[first] : undefined;
  const written = condition === undefined ? given.map(cell) : [condition, valueOf(second)];
  return `| ${written.join(" | ")} |`;
}

const valueOf = (text: string): string =>
  values.reduce((changed, [pattern, japanese]) => changed.replace(pattern, japanese), text);

function cell(text: string): string {
  const bare = text.replaceAll(/\\(?=[\\`*_[\]<>#~])/g, "");
  return labels[bare] ?? reasons[bare] ?? reasonWithPlace(bare) ?? known(cells, bare);
}

const places: Readonly<Record<string, string>> = {
  "the gateway back": "復旧したゲートウェイ",
  "the way open": "開通した経路",
};

/** The reason that is said with a name in it. */
function reasonWithPlace(text: string): string | undefined {
  const [, found] =
    /^With all endpoints out everybody is asked \(`minHealthPercent`\), so the next request finds (.+)\.$/.exec(text) ??
    [];
  return (
    found &&
    `全エンドポイントが除外されると全員に送られるため（\`minHealthPercent\`）、次のリクエストは${places[found] ?? found}を見つけます。`
  );
}

/** A line that is no row: a verdict, a reason in a list, or a sentence. */
function sentence(line: string): string {
  if (line === "") return "";
  const [, start, said] = /^(\*\*[^*]+\*\*|-)(?: (.+))?$/.exec(line) ?? [];
  if (start === undefined) return known(sentences, line);
  const verdict = start === "-" ? "-" : (verdicts[start] ?? known([], start));
  if (said === undefined) return verdict;
  return `${verdict} ${said.includes("; expected ") ? broken(said) : known(sentences, said)}`;
}

/** A figure that did not hold, such as `Failed requests, client in east: 4 (3 to 23); expected at most 3.` */
function broken(text: string): string {
  const [, figure = "", client = "", found = "", expected = ""] =
    /^(.+), (client .+): (.+); expected (.+)\.$/.exec(text) ?? [];
  const label = figure.replace(/^./, (letter) => letter.toLowerCase());
  return `${cell(label)}、${cell(client)}: ${cell(found)}。期待は ${cell(expected)}。`;
}

function known(patterns: readonly (readonly [RegExp, string])[], text: string): string {
  const [pattern, japanese] = patterns.find(([each]) => each.test(text)) ?? [];
  if (pattern === undefined || japanese === undefined)
    throw new Error(`There is no Japanese for "${text}": add it to test/docs/japanese.ts.`);
  return text.replace(pattern, japanese);
}
