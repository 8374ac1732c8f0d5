/**
 * The Japanese of what topology/schema.ts says of a stack file's keys, by the English comment as config-keys.ts yields
 * it. One that is missing here is an error, so that nobody forgets it.
 */
export const keysInJapanese: Readonly<Record<string, string>> = {
  "A gateway for requests from outside the mesh. Default: true on every cluster that carries workloads.":
    "メッシュの外から来るリクエストのためのゲートウェイ。既定値は、ワークロードのあるすべてのクラスターで true",
  "A gateway for requests to outside the mesh. Default: false.":
    "メッシュの外へ出るリクエストのためのゲートウェイ。既定値は false",
  "Pods of each gateway, spread over zones. Default: 1, and 2 for an east-west gateway.":
    "各ゲートウェイの Pod の数。ゾーンに分散させる。既定値は 1、east-west ゲートウェイは 2",
  "For `platform: existing`: how the Services of gateways that others reach are exposed.":
    "`platform: existing` の場合に、外から届く必要のあるゲートウェイの Service を公開する方法",
  "Default: NodePort, and LoadBalancer with a `loadBalancerClass`.":
    "既定値は NodePort、`loadBalancerClass` があれば LoadBalancer",
  "`spec.loadBalancerClass`: which of the cluster's load balancers serves them.":
    "`spec.loadBalancerClass`。クラスターのどのロードバランサーが受け持つか",
  "With NodePort: where the other clusters reach a node of this one. Default: the host of `apiServer`.":
    "NodePort の場合に、ほかのクラスターからこのクラスターのノードに届くアドレス。既定値は `apiServer` のホスト",
  "`true` runs istiod highly available: two replicas, spread over zones, with a disruption budget.":
    "`true` なら istiod を高可用にする。レプリカは 2 つで、ゾーンに分散させ、PodDisruptionBudget を付ける",
  "Replicas of istiod. Default: 1, and 2 with `ha`.": "istiod のレプリカ数。既定値は 1、`ha` なら 2",
  "EC2 instance types, all of one CPU architecture. Default: [t3.large].":
    "EC2 のインスタンスタイプ。CPU アーキテクチャはすべて同じにする。既定値は [t3.large]",
  "Nodes per cluster, spread over its zones. Default: 2.": "クラスターごとのノード数。ゾーンに分散させる。既定値は 2",
  "How AWS sells the nodes. SPOT costs less, at a price that changes, and may be taken back. Default: ON_DEMAND.":
    "ノードの購入方法。SPOT は安いが、価格は変動し、AWS に回収されることがある。既定値は ON_DEMAND",
  "Root volume of each node in GiB. Default: 20.": "各ノードのルートボリュームの容量（GiB）。既定値は 20",
  "Nodes in private subnets behind one NAT gateway per cluster. Default: false, public subnets without NAT.":
    "ノードをプライベートサブネットに置き、クラスターごとに 1 つの NAT ゲートウェイを使う。既定値は false で、NAT のないパブリックサブネットに置く",
  "Whether the Kubernetes API answers on the internet. Default: true.":
    "Kubernetes API がインターネットからの要求に応答するか。既定値は true",
  "Blocks from which the public endpoint may be reached. Default: everywhere.":
    "パブリックエンドポイントへの接続を許すブロック。既定値は全世界",
  "Istio's cluster name, also the name of everything made for it: a DNS-1123 label.":
    "Istio でのクラスター名。このクラスターのために作るものすべての名前にもなる。DNS-1123 のラベル",
  "Istio's network: clusters of one network reach each other's pods directly. Default: one per cluster.":
    "Istio のネットワーク。同じネットワークのクラスターは、互いの Pod に直接届く。既定値はクラスターごとに 1 つ",
  "The cluster whose istiod serves this one. Default: itself.":
    "このクラスターを受け持つ istiod のあるクラスター。既定値は自分自身",
  "The cluster whose API server holds the Istio configuration. Default: that of its primary.":
    "Istio の設定を API サーバーに持つクラスター。既定値はプライマリと同じ",
  "The mesh that the cluster belongs to. Default: the lab's only one.":
    "クラスターが属するメッシュ。既定値はラボに 1 つだけのメッシュ",
  "AWS region, or what the nodes of an existing cluster are labelled with. Default: the lab's `region`.":
    "AWS のリージョン。既存のクラスターでは、ノードのラベルにあるリージョン。既定値はラボの `region`",
  "Availability zones to spread over. Default: 2.": "分散先のアベイラビリティゾーンの数。既定値は 2",
  "The VPC's block. Default: 10.<n>.0.0/16, where n comes from the name alone, so that no other cluster moves it.":
    "VPC のブロック。既定値は 10.<n>.0.0/16。n はクラスターの名前だけで決まり、ほかのクラスターの増減で動かない",
  "The block of Kubernetes Services. Default: 172.20.0.0/16.":
    "Kubernetes の Service のブロック。既定値は 172.20.0.0/16",
  "As the lab's key of this name, for this cluster alone. Default of each key in it: the lab's.":
    "ラボ全体の同名のキーと同じもので、このクラスターだけに効く。中の各キーの既定値は、ラボ全体の値",
  "For `platform: existing`: the context in the kubeconfig.":
    "`platform: existing` の場合に、kubeconfig のコンテキスト",
  "For `platform: existing`: the API server's address as the other clusters see it.":
    "`platform: existing` の場合に、ほかのクラスターから見た API サーバーのアドレス",
  "As its mesh's `dataPlane`, from which it must not differ. Default: the mesh's.":
    "メッシュの `dataPlane` と同じもの。メッシュと違う値にはできない。既定値はメッシュの値",
  "Names of the tenants that live here. Default: all.": "このクラスターに置くテナントの名前。既定値は全テナント",
  "The one place where a version of Istio stands; charts and images follow. Default: 1.31.1.":
    "Istio のバージョンを書くただ 1 か所。チャートとイメージはこれに従う。既定値は 1.31.1",
  "The ID of the only mesh, a DNS-1123 label; among `meshes` the `name` is it. Default: mesh1.":
    "メッシュが 1 つだけのときの ID。DNS-1123 のラベル。`meshes` では `name` が ID になる。既定値は mesh1",
  "Whether each pod has a proxy of its own, or the pods of a node share its ztunnel. Default: sidecar.":
    "Pod ごとにプロキシを置くか、ノードの Pod がそのノードの ztunnel を共有するか。既定値は sidecar",
  "`demo` is what the study group's notes installed: small requests, access log, every request traced.":
    "`demo` は勉強会のノートでインストールしたもの。リソース要求が小さく、アクセスログを出し、全リクエストをトレースする",
  "A DNS name with which every identity in the mesh begins; no two meshes have the same. Default: cluster.local.":
    "メッシュ内のすべてのアイデンティティの先頭に付く DNS 名。メッシュごとに別の名前にする。既定値は cluster.local",
  "Mesh-wide mutual TLS. Default: STRICT.": "メッシュ全体の相互 TLS。既定値は STRICT",
  "Whether pods may call hosts that are neither Services nor `serviceEntries`. Default: ALLOW_ANY, they may.":
    "Service にも `serviceEntries` にもないホストを Pod が呼び出せるか。既定値は ALLOW_ANY で、呼び出せる",
  "Versions of control planes that run side by side, each behind a revision tag that namespaces follow (docs/en/upgrades.md). With `version` beside them the control plane without a name stays too.":
    "並べて動かすコントロールプレーンのバージョン。それぞれを、名前空間が従うリビジョンタグが指す（docs/ja/upgrades.md）。`version` も書けば、名前のないコントロールプレーンも残る",
  "Version of the control plane that the tag `stable` leads to.":
    "タグ `stable` が指すコントロールプレーンのバージョン",
  "Version of its successor, which the tag `canary` leads to. Default: none.":
    "後継となる、タグ `canary` が指すコントロールプレーンのバージョン。既定値はなし",
  "The tag that gateways and namespaces follow which name none. Default: stable, where there are revisions.":
    "タグを指定しないゲートウェイと名前空間が従うタグ。リビジョンがある場合の既定値は stable",
  "Use istio-cni instead of the istio-init container. Default: false with sidecars, true with ambient.":
    "istio-init コンテナの代わりに istio-cni を使う。既定値は、サイドカーなら false、ambient なら true",
  "Further Helm values for a chart; they win over what the lab sets.":
    "チャートに渡す追加の Helm の値。ラボが設定する値より優先される",
  "For the chart `base`: Istio's definitions and the webhook that judges its objects.":
    "チャート `base` の値。Istio の定義と、そのオブジェクトを検証する Webhook",
  "For the chart `istiod`: control planes, and what stands for one in a remote cluster.":
    "チャート `istiod` の値。コントロールプレーンと、リモートクラスターでその代わりをするもの",
  "For the chart `gateway`: the pods of gateways.": "チャート `gateway` の値。ゲートウェイの Pod",
  "For the chart `cni`: the agent on each node that leads traffic to proxies.":
    "チャート `cni` の値。トラフィックをプロキシに導く、各ノードのエージェント",
  "For the chart `ztunnel`: each node's proxy of an ambient mesh.":
    "チャート `ztunnel` の値。ambient のメッシュで各ノードに置くプロキシ",
  "Whether Istio's remote injector runs locally in remote clusters. Default: true; EKS needs it.":
    "リモートクラスターのインジェクションを、そのクラスターの中で行うか。既定値は true。EKS では必要",
  "The mesh's name and ID: a DNS-1123 label.": "メッシュの名前と ID。DNS-1123 のラベル",
  'Common name of its root certificate; no two meshes have the same. Default: the name and "root".':
    "ルート証明書のコモンネーム。メッシュごとに別の名前にする。既定値は、メッシュの名前に「root」を続けたもの",
  "Services that this mesh offers to another.": "このメッシュが別のメッシュに提供するサービス",
  "The host name by which the other mesh calls it.": "相手のメッシュが呼び出すときのホスト名",
  "Where the Service is here.": "このメッシュで Service がある名前空間",
  "The mesh that may call.": "呼び出しを許すメッシュ",
  "The Service's name. Default: what stands before the first dot of `host`.":
    "Service の名前。既定値は `host` の最初のドットより前の部分",
  "The Service's port, which speaks HTTP. Default: 80.": "Service のポート。HTTP を話すもの。既定値は 80",
  "The service account of its pods, which callers check. Default: the Service's name.":
    "Pod の ServiceAccount。呼び出す側が確かめる。既定値は Service の名前",
  "Leave the local endpoints when they are gone or sick. Default: true where there are several clusters.":
    "ローカルのエンドポイントがなくなるか異常になったら、そこを離れる。既定値は、クラスターが複数あれば true",
  "When a proxy ejects an endpoint. Where failover is on, `false` is refused: it would quietly not happen.":
    "プロキシがエンドポイントを除外する条件。フェイルオーバーが有効なら `false` は拒否される。何の知らせもなく、フェイルオーバーが起きなくなるため",
  "Errors in a row after which an endpoint is out: 5xx, failed connections, timed-out tries. Default: 1.":
    "エンドポイントを除外するまでの連続エラーの数。5xx、接続の失敗、タイムアウトした試行を数える。既定値は 1",
  "Time between two sweeps, which end ejections; it is not the time to detect. Default: 1s.":
    "除外を終わらせる巡回の間隔。検出にかかる時間ではない。既定値は 1s",
  "How long an endpoint is out the first time; each further time is longer. Default: 1m.":
    "最初の除外の長さ。除外を重ねるたびに長くなる。既定値は 1m",
  "How much of a service's endpoints may be out at once, in percent. Default: 100.":
    "サービスのエンドポイントのうち、同時に除外できる割合（％）。既定値は 100",
  "Below it Envoy asks everybody, the ejected too. 0: it never does.":
    "正常なものの割合（％）がこれを下回ると、Envoy は除外したものを含む全エンドポイントに送る。0 ならそうしない",
  "How long a proxy tries to connect to an endpoint. Default: 500ms.":
    "プロキシがエンドポイントへの接続を待つ時間。既定値は 500ms",
  "How long one try of a request may take. Default: 1.5s.": "リクエストの 1 回の試行にかけられる時間。既定値は 1.5s",
  "How many more tries a request has after its first; 0: none. Default: 5.":
    "最初の試行のあとにリトライできる回数。0 ならリトライしない。既定値は 5",
  "For how long a proxy gathers ejections before its workers hear of them; 0s: it does not.":
    "プロキシが除外をまとめてからワーカーに伝えるまでの時間。0s ならまとめない",
  "Which region takes over for which. Default: every region for every other.":
    "どのリージョンをどのリージョンが引き継ぐか。既定値は、すべてのリージョンが互いに引き継ぐ",
  "The region that fails.": "障害の起きるリージョン",
  "The region that takes over.": "引き継ぐリージョン",
  "Shares of traffic by locality; excludes failover.":
    "ロカリティごとのトラフィックの割合。フェイルオーバーとは併用できない",
  "The locality of those who call, such as `us-east-1/*`.": "呼び出す側のロカリティ。`us-east-1/*` など",
  "Localities that answer them, each with its share in percent; the shares add up to 100.":
    "応答する側のロカリティと、それぞれの割合（％）。合計は 100",
  "Name of the ServiceEntry: a DNS-1123 label.": "ServiceEntry の名前。DNS-1123 のラベル",
  "Hosts that pods call. A wildcard needs endpoints, or one of the resolutions NONE and DYNAMIC_DNS.":
    "Pod が呼び出すホスト。ワイルドカードには、エンドポイントか、NONE または DYNAMIC_DNS の resolution が要る",
  "Ports of the hosts.": "ホストのポート",
  "The port's number.": "ポート番号",
  "The port's name, such as `https`.": "ポートの名前。`https` など",
  "What is spoken there, in a word of Istio, such as HTTP, HTTPS, TLS or TCP.":
    "そこで話すプロトコル。HTTP、HTTPS、TLS、TCP など、Istio での名前",
  "Whether the hosts are outside the mesh or belong to it. Default: MESH_EXTERNAL.":
    "ホストがメッシュの外にあるか、メッシュの一部か。既定値は MESH_EXTERNAL",
  "Where a proxy finds the address: NONE is the one that was called, STATIC the endpoints, DYNAMIC_DNS looks each request's own host up, else DNS. Default: DNS.":
    "プロキシがアドレスを得る方法。NONE は呼び出されたアドレス、STATIC はエンドポイント、DYNAMIC_DNS はリクエストごとのホストの名前解決、ほかは DNS を使う。既定値は DNS",
  "Where the hosts are. STATIC needs them, DNS_ROUND_ROBIN takes one, NONE and DYNAMIC_DNS none. Default: none.":
    "ホストのある場所。STATIC では必須、DNS_ROUND_ROBIN では 1 つまで、NONE と DYNAMIC_DNS では書けない。既定値はなし",
  "An IP address or, with DNS, a host name.": "IP アドレス。DNS の場合はホスト名でもよい",
  "Also its namespace's.": "テナントの名前。名前空間の名前にもなる",
  "Principals that may work in the tenant's namespace, as an EKS access-entry group.":
    "テナントの名前空間で作業できるプリンシパル。EKS のアクセスエントリのグループになる",
  'Hard limits of the namespace\'s ResourceQuota, such as `requests.cpu: "4"`. Nothing is ever open to outside.':
    '名前空間の ResourceQuota の上限。`requests.cpu: "4"` など。外部に開くものは決して許されない',
  "What the namespace's LimitRange gives a container that states no limits, such as `memory: 512Mi`.":
    "上限を書かないコンテナに、名前空間の LimitRange が与えるもの。`memory: 512Mi` など",
  "The tag of `mesh.revisions` that its namespace follows. Default: the mesh's.":
    "名前空間が従う `mesh.revisions` のタグ。既定値はメッシュのタグ",
  "Which pods the namespace takes. Default: restricted where the mesh has istio-cni, else privileged: any pod.":
    "名前空間が受け入れる Pod。既定値は、メッシュに istio-cni があれば restricted、なければ privileged で、どの Pod も受け入れる",
  "Whether NetworkPolicies keep the namespace apart, below the mesh. Default: true.":
    "メッシュより下の層で、NetworkPolicy が名前空間を隔てるか。既定値は true",
  "Tenants whose workloads may call this one; with `paths` only these, where a `*` may end one.":
    "このテナントを呼び出せるワークロードを持つテナント。`paths` があればそのパスだけで、末尾に `*` を書ける",
  "The tenant that may call.": "呼び出せるテナント",
  "Paths that it may ask for, such as `/status/*`. Default: all.": "要求できるパス。`/status/*` など。既定値は全パス",
  "Services that callers know of. Default: all that may be called of its samples, where it has callers.":
    "呼び出す側に知らせるサービス。既定値は、呼び出す側がいれば、サンプルのうち呼び出せるものすべて",
  "Sample applications in its namespace. Default: httpbin, to be called, and curl, to call.":
    "名前空間に置くサンプルアプリケーション。既定値は、呼び出される httpbin と、呼び出す curl",
  "A deployment model by its name, which stands for records of clusters. Default: single.":
    "デプロイメントモデルの名前。クラスターの定義一式を表す。既定値は single",
  "The clusters, one record each. Default: the model's; where they are written, `model` says nothing.":
    "クラスターの定義。1 つにつき 1 項目。既定値はモデルのもので、ここに書けば `model` は効かない",
  "Whether the lab makes its clusters, on EKS, or takes those that exist. Default: eks.":
    "ラボがクラスターを EKS に作るか、既存のものを使うか。既定値は eks",
  "For `platform: existing`: the kubeconfig file. Default: ~/.kube/config.":
    "`platform: existing` の場合に、kubeconfig のファイル。既定値は ~/.kube/config",
  "Default region of clusters. Default: us-east-1; none with `platform: existing`.":
    "クラスターのリージョンの既定値。書かなければ us-east-1、`platform: existing` ではなし",
  "Kubernetes of the clusters, which Istio must support.": "クラスターの Kubernetes。Istio がサポートするもの",
  'Its minor version, in quotes. Default: "1.36".': 'マイナーバージョン。引用符で囲む。既定値は "1.36"',
  "The nodes of each cluster on EKS.": "EKS の各クラスターのノード",
  "Who reaches the Kubernetes API of each cluster on EKS.": "EKS の各クラスターの Kubernetes API に、どこから届くか",
  "istiod in each cluster that runs one.": "istiod を動かす各クラスターの istiod",
  "The gateways of each cluster.": "各クラスターのゲートウェイ",
  "The mesh; beside `meshes`, what those of them have that say nothing else.":
    "メッシュ。`meshes` があれば、そこに書かれていないキーの値になる",
  "Several meshes in one lab, each with the keys of `mesh` and some more. Default: one mesh.":
    "1 つのラボに置く複数のメッシュ。それぞれに `mesh` のキーと、いくつかのキーがある。既定ではメッシュは 1 つ",
  "What connects clusters of one network that live in different VPCs.":
    "同じネットワークにあり、VPC の異なるクラスターを結ぶもの",
  "The east-west gateways, by which clusters call each other across networks.":
    "ネットワークをまたいでクラスターが呼び出し合うための east-west ゲートウェイ",
  "Whether they are reached over the internet, or inside the VPCs by peering. Default: internet.":
    "インターネット経由で届くか、ピアリングで VPC の内側から届くか。既定値は internet",
  "Blocks that may reach them; the callers' NAT gateways may too, where all have one. Default: with `peering` the callers' VPCs, else no further blocks or, without those NAT gateways, everywhere.":
    "接続を許すブロック。呼び出す側のすべてに NAT ゲートウェイがあれば、それらも許す。既定値は、`peering` なら呼び出す側の VPC。それ以外では追加のブロックなしで、NAT ゲートウェイがそろっていなければ全世界",
  "The ingress gateways, by which users come in.": "ユーザーが入ってくる ingress ゲートウェイ",
  "`route53`: one host for the ingress gateways of all clusters, of which DNS names the healthy ones.":
    "`route53` なら、全クラスターの ingress ゲートウェイを 1 つのホストにまとめる。DNS は正常なものを答える",
  "With `global`: name of the public Route 53 hosted zone that `host` lies in. The lab does not make it.":
    "`global` の場合に、`host` を含む Route 53 のパブリックホストゾーンの名前。ラボは作らない",
  "With `global`: the host that users call, such as `www.lab.example`.":
    "`global` の場合に、ユーザーが呼び出すホスト。`www.lab.example` など",
  "Blocks that may reach them. Default: everywhere.": "接続を許すブロック。既定値は全世界",
  "How requests leave endpoints that fail, for another zone, region or cluster.":
    "失敗するエンドポイントを離れて、別のゾーン、リージョン、クラスターへリクエストを送る方法",
  "Hosts that are no Services of the clusters, each made known to every mesh by a ServiceEntry. Default: none.":
    "クラスターの Service ではないホスト。それぞれを ServiceEntry で全メッシュに知らせる。既定値はなし",
  "Who administers the clusters, and when the tokens by which they read each other are renewed.":
    "クラスターを管理する人と、クラスターが互いを読むトークンの更新時期",
  "ARNs of IAM users and roles that administer every cluster, beside whoever runs the first `pulumi up`. That one must not be named: EKS makes its access entry itself and refuses a second (https://github.com/pulumi/pulumi-eks/issues/2373).":
    "最初の `pulumi up` を実行する人に加えて、全クラスターを管理する IAM ユーザーとロールの ARN。実行する人自身は書かない。EKS がそのアクセスエントリを自ら作り、2 つ目を拒否するため。https://github.com/pulumi/pulumi-eks/issues/2373 を参照",
  "Hours after which the first `pulumi up` gives the clusters new tokens, by which one's istiod reads another's API server, and takes the old ones away. Default: 2160, which is 90 days.":
    "istiod がほかのクラスターの API サーバーを読むトークンの期間（時間）。これを過ぎて最初の `pulumi up` が、新しいトークンを渡し、古いものを取り除く。既定値は 2160、つまり 90 日",
  "The certificates of the lab: whose root, and how long they are valid.":
    "ラボの証明書。誰のルート証明書を使い、どれだけ有効か",
  "A root certificate and key of one's own, PEM; the key must be a secret. A second certificate is trusted too, while one root takes the other's place.":
    "自前のルート証明書と鍵（PEM）。鍵はシークレットとして書く。2 つ目の証明書も信頼され、ルート証明書を入れ替えるあいだに使う",
  "The key of `rootCertificate`, of the first where there are two, as `pulumi config set --secret --path istio-lab:ca.rootKey` writes it.":
    "`rootCertificate` の鍵。証明書が 2 つなら 1 つ目の鍵。`pulumi config set --secret --path istio-lab:ca.rootKey` で書き込む",
  "Generations of the root that the lab makes: the first signs, all are trusted. Default: [1]. From one to the next in three steps, which docs/en/certificates.md tells: [1, 2], [2, 1], [2].":
    "ラボが作るルート証明書の世代。先頭の世代が署名し、すべてが信頼される。既定値は [1]。次の世代へは [1, 2]、[2, 1]、[2] の 3 段階で移る（docs/ja/certificates.md）",
  "Days for which a root made by the lab is valid, as long as it is not made yet. Default: 365.":
    "ラボが作るルート証明書の有効日数。まだ作られていないものに効く。既定値は 365",
  "Days for which each cluster's intermediate certificate is valid. Default, and most: 90.":
    "各クラスターの中間証明書の有効日数。既定値も上限も 90",
  "Days before its end from which on `pulumi up` renews an intermediate. Default: a third of its life.":
    "期限の何日前から `pulumi up` が中間証明書を更新するか。既定値は有効期間の 3 分の 1",
  "One with a `revision` has its namespace follow that tag of `mesh.revisions`. Default of that: the mesh's.":
    "サンプルアプリケーション。`revision` があれば、その名前空間は `mesh.revisions` のそのタグに従う。`revision` の既定値はメッシュのタグ",
  "The sample.": "サンプルの名前",
  "The tag of `mesh.revisions` that its namespace follows.": "名前空間が従う `mesh.revisions` のタグ",
  "Teams that share the lab, each with a namespace of its own. Default: none.":
    "ラボを共有するチーム。それぞれが自分の名前空間を持つ。既定値はなし",
  "What shows how a mesh does. Nothing of it has an address outside; one looks at it through a port forward.":
    "メッシュの様子を見せるもの。外部のアドレスは持たず、ポートフォワードで見る",
  "Metrics of every cluster, in one store per mesh. Default: true where Kiali or Grafana is, which show them.":
    "全クラスターのメトリクス。メッシュごとに 1 か所に集める。既定値は、それを表示する Kiali か Grafana があれば true",
  "Kiali of each mesh: who calls whom, and whether the configuration is sound. Default: false.":
    "各メッシュの Kiali。誰が誰を呼び出すかと、設定が正しいかを見せる。既定値は false",
  "Grafana of each mesh, with Istio's dashboards. Default: false.":
    "各メッシュの Grafana。Istio のダッシュボードが付く。既定値は false",
  "The cluster that has the store of its mesh, Kiali and Grafana: a primary or, in the mesh of an external control plane, the cluster with its configuration. Of several meshes a list. Default: the only one that can.":
    "メッシュのメトリクスの置き場、Kiali、Grafana を持つクラスター。プライマリか、外部コントロールプレーンのメッシュでは設定を持つクラスター。メッシュが複数ならリストで書く。既定値は、候補が 1 つだけならそれ",
  "Where things come from. A mirror of one's own, or a folder, can stand in for each.":
    "取得元。どれも、自前のミラーかフォルダーで置き換えられる",
  "Istio's charts: a repository URL, `oci://...` or a folder. `{version}` in it stands for the charts' version.":
    "Istio のチャート。リポジトリの URL、`oci://...`、またはフォルダー。中の `{version}` はチャートのバージョンを表す",
  "Istio's images. Default: docker.io/istio.": "Istio のイメージ。既定値は docker.io/istio",
  "The chart of the AWS Load Balancer Controller: a repository URL, `oci://...` or the folder above the chart.":
    "AWS Load Balancer Controller のチャート。リポジトリの URL、`oci://...`、またはチャートの 1 つ上のフォルダー",
  "Definitions of the Gateway API: a URL or a file. Default: the standard channel of v1.6.0, from GitHub.":
    "Gateway API の定義。URL またはファイル。既定値は、GitHub にある v1.6.0 の standard チャネル",
  "The chart of Kiali: a repository URL, `oci://...` or the folder above the chart.":
    "Kiali のチャート。リポジトリの URL、`oci://...`、またはチャートの 1 つ上のフォルダー",
  "Kiali's image. Default: quay.io/kiali.": "Kiali のイメージ。既定値は quay.io/kiali",
  "Registry prefix that replaces docker.io for Prometheus and Grafana.":
    "Prometheus と Grafana について、docker.io を置き換えるレジストリのプレフィックス",
  "Where Grafana's pod fetches Istio's dashboards. `{version}` in it stands for the mesh's version.":
    "Grafana の Pod が Istio のダッシュボードを取得する場所。中の `{version}` はメッシュのバージョンを表す",
  "Registry prefix that replaces docker.io for sample images.":
    "サンプルのイメージについて、docker.io を置き換えるレジストリのプレフィックス",
  "Further tags for what is made in AWS, beside the lab's own. Default: none.":
    "AWS に作るものに、ラボ自身のタグに加えて付けるタグ。既定値はなし",
  "Allows what is known not to work everywhere yet.": "まだどこでも動くとは限らないとわかっているものを許す",
  "Whether a proxy sends the requests of HTTP/1.1 clients to other proxies as HTTP/2, many at once on one connection. Default: UPGRADE, with which a pod that has no proxy must speak HTTP/2 without TLS itself.":
    "HTTP/1.1 のクライアントのリクエストを、プロキシがほかのプロキシへ HTTP/2 で、1 本の接続に同時に何本も載せて送るか。既定値は UPGRADE。その場合、プロキシのない Pod は自分で TLS なしの HTTP/2 を話せなければならない",
  "Requests after which a connection is given up for a new one; 0: never. Default: 100.":
    "この数のリクエストを送ったら接続をやめ、新しい接続に替える。0 なら替えない。既定値は 100",
};

const words: Readonly<Record<string, string>> = {
  "true or false": "true または false",
  "whole number": "整数",
  text: "文字列",
  "keys and values": "キーと値の組",
  "IPv4 block": "IPv4 ブロック",
  URL: "URL",
  anything: "任意の値",
};

/** What may stand at a key, as config-keys.ts words it. Names of values, such as `LoadBalancer, NodePort`, stay. */
export function valuesInJapanese(values: string): string {
  const known = words[values];
  if (known !== undefined) return known;
  if (values.includes(" or ")) return values.split(" or ").map(valuesInJapanese).join("、または");
  const [, element] = /^list of (.+)$/.exec(values) ?? [];
  return element === undefined ? values : listOf(valuesInJapanese(element));
}

/** A space stands between Latin and Japanese letters. */
const listOf = (element: string): string => `${element}${/\w$/.test(element) ? " " : ""}のリスト`;
