/** What docs/en/policies.md says, in Japanese; test/policy/ja.test.ts holds that nothing is missing. */
import type { Severity } from "./policy.ts";

/** The sentences of page.ts that do not depend on what there is. */
export const sentences = {
  intro: `# ポリシー

このプロジェクトのラボが守ることを、
[Pulumi のポリシーパック](https://www.pulumi.com/docs/iac/crossguard/)としてまとめたものです。
\`npm test\` では、同じ規則が、リポジトリのすべてのスタックファイルを、
\`pulumi preview\` から見た姿と \`pulumi up\` から見た姿の両方で判定します。
どの規則についても、破ったものを捕らえ、直したものを通すことを、テストケースで確かめています。
ローカルクラウドでは、Pulumi 自身のエンジンがこのパックを実行しました（local/e2e/policy.test.ts）。
AWS では、何も実行していません。

## 自分のスタックで使う

\`\`\`
npm ci
pulumi preview --policy-pack policy
pulumi up --policy-pack policy
\`\`\`

重大度が「低」のものは報告されるだけで、それ以外はすべて更新を止めます。
これを変えるには、
\`{"cost-small-nodes": "advisory", "istio-gateway-hosts-narrow": "mandatory"}\` のようなファイルを書き、
\`--policy-pack-config\` で指定します（\`disabled\` というレベルもあります）。

パックが判定するのは、プログラム自身が求めるものです。
チャートが持ち込むものや、コントローラーが後から作るものは、どのポリシーからも見えません。
**テストのみ**で判定するポリシーは、Pulumi のエンジンがポリシーパックに伝えないものを調べます。
それは、\`deletedWith\`、\`retainOnDelete\`、またはプラグインが作るコンポーネントの入力です。
`,
  all: (count: number): string => `## 全 ${String(count)} 件\n`,
  policyColumns: ["id", "成り立つこと", "重大度", "判定する場所", "出典"],
  inTestsAlone: "テストのみ",
  inPackAndTests: "パック、テスト",
  exceptions: `
## 例外

ラボが、ポリシーの求めるとおりにしていないところです。
例外を設けるのは、その理由がラボに当てはまるところだけです。
どのスタックファイルにも必要なくなった例外があると、テストが失敗します。
`,
  exceptionColumns: ["ポリシー", "対象の指摘", "理由"],
  notApplicable: "\n## ラボでは破ることも守ることもできない、Pulumi の CIS パックのポリシー\n",
  notApplicableColumns: ["id", "理由"],
} as const;

export const severities: Readonly<Record<Severity, string>> = {
  low: "低",
  medium: "中",
  high: "高",
  critical: "重大",
};

/** What holds, by the id of the policy. */
export const what: Readonly<Record<string, string>> = {
  "eks-cluster-audit-logging-enabled": "EKS は、API サーバーへのすべてのリクエストの監査ログを書きます。",
  "eks-cluster-cloudwatch-logs-enabled": "EKS は、コントロールプレーンのログを CloudWatch に送ります。",
  "eks-node-group-launch-template-required": "ノードは起動テンプレートから作られ、すべて同じ構成です。",
  "eks-launch-template-kubelet-config": "kubelet の認証や認可を緩める起動テンプレートはありません。",
  "eks-cluster-access-manager-enabled": "クラスターを使える人は、アクセスエントリで決まります。",
  "eks-iam-authenticator-enabled": "人がログインする手段は IAM だけです。",
  "eks-service-accounts-iam-role-binding":
    "AWS を必要とする Pod には、サービスアカウントに結び付いた専用のロールがあります。",
  "eks-secrets-encryption-kms-enabled": "Kubernetes の Secret は、自分で管理する鍵で暗号化されます。",
  "eks-node-group-iam-role-minimal-policy": "ノードの権限は、ノードに必要なものに限られます。",
  "eks-cluster-endpoint-restrict-public-access": "API サーバーは、インターネット全体には応答しません。",
  "eks-network-policy-enabled": "VPC CNI は NetworkPolicy を適用します。",
  "eks-load-balancer-tls-encryption": "ロードバランサーがインターネットから受け入れる通信は、暗号化されています。",

  "k8s-cluster-admin-role-binding-minimized": "ロール cluster-admin は、誰にも結び付いていません。",
  "k8s-rbac-secret-access-minimized": "Secret を読むロールはありません。",
  "k8s-rbac-wildcard-use-minimized": "ロールは、グループ、リソース、動詞を 1 つずつ挙げます。",
  "k8s-rbac-create-pods-minimized": "Pod を直接作るロールはありません。",
  "k8s-rbac-bind-impersonate-escalate-minimized": "持ち主に、自身より多くの権限を与えるロールはありません。",
  "k8s-default-service-accounts-not-used": "ワークロードは、専用のサービスアカウントで動きます。",
  "k8s-service-account-token-mounted-minimized": "API サーバーを呼ばない Pod には、そのためのトークンを渡しません。",
  "k8s-pod-security-privileged-containers-minimized": "特権コンテナはありません。",
  "k8s-pod-security-host-pid-minimized": "ノードのプロセスが見える Pod はありません。",
  "k8s-pod-security-host-ipc-minimized": "ノードとメモリを共有する Pod はありません。",
  "k8s-pod-security-host-network-minimized": "ノードのネットワークを使う Pod はありません。",
  "k8s-pod-security-allow-privilege-escalation-minimized": "起動後の権限昇格を求めるコンテナはありません。",
  "k8s-secrets-as-files-not-env-vars": "Secret は、環境変数ではなくファイルとして渡します。",
  "k8s-default-namespace-not-used": "名前空間 `default` には何も置きません。",

  "iam-actions-are-named": "何かを変更する権限は、1 つずつ名前を挙げます。",
  "iam-resources-are-bounded":
    "何かを変更する権限は、リソースか 1 つのアカウントを指定するか、条件のもとでだけ有効です。",
  "iam-no-rights-to-give-rights": "ラボのロールはどれも、他者に権限を与えられません。",
  "iam-roles-are-for-services":
    "ラボのロールを引き受けられるのは AWS のサービスだけで、人や別のアカウントは引き受けられません。",
  "iam-no-inline-policies": "権限は、一覧と比較ができる管理ポリシーで与えます。",
  "iam-no-users": "ラボは、ユーザーもアクセスキーも作りません。",
  "iam-no-administrators-in-aws": "AWS の管理者向けポリシーを与えられたロールはありません。",

  "istio-mtls-strict": "どのプライマリも、メッシュ全体に相互 TLS を要求します。",
  "istio-mtls-not-disabled": "どのワークロードやポートについても、相互 TLS を無効にするものはありません。",
  "istio-authorization-default-deny":
    "許可するポリシーがなければ、誰も呼び出せません。どのプライマリのルート名前空間も、既定で拒否します。",
  "istio-authorization-allow-positive": "許可は、許可するものを挙げて行い、「挙げたもの以外」では行いません。",
  "istio-authorization-deny-negative": "拒否は、挙げたもの以外を対象とし、一致しないときは余計に拒否する側に倒れます。",
  "istio-tls-origination-verified": "メッシュの外へ TLS で接続するときは、必ず相手を検証します。",
  "istio-gateway-creation-restricted": "Gateway を作れるのは管理者だけです。",
  "istio-gateway-hosts-narrow": "Gateway は、受け入れるホストの名前を挙げます。",
  "istio-gateway-tls-current": "1.2 より古い TLS を使う Gateway はありません。",
  "istio-protocol-declared": "どの Service も、ポートのプロトコルを示します。",
  "istio-no-alpha-api":
    "Istio のオブジェクトは、安定版の API のものです。ただし、フェイルオーバーに必要な 2 つの設定は、安定版の API にありません。",
  "istio-plaintext-ports-not-exposed": "Istio が TLS なしで提供するポートに通じるロードバランサーはありません。",
  "istio-workloads-are-injected": "ワークロードは、Istio がプロキシを注入する名前空間にあります。",
  "istio-traffic-is-captured": "プロキシの目の届かないところへポートやアドレスを外す Pod はありません。",

  "istio-path-normalization": "プロキシは、ポリシーで判定する前にパスを正規化します。",
  "istio-egress-not-by-registry-alone":
    "登録されたホストだけを呼べるところでは、egress ゲートウェイがそれを強制します。",
  "istio-cni-instead-of-init": "istio-cni がトラフィックをリダイレクトするので、Pod に NET_ADMIN は要りません。",
  "istio-images-distroless": "Istio のイメージにシェルはありません。",
  "istio-one-version":
    "クラスターの中の Istio は、バージョン、チャート、イメージのすべてが、コントロールプレーンと同じです。",
  "istio-debug-ports-closed": "istiod は、相手を確かめずに、メッシュについての問い合わせに答えることはありません。",
  "istio-third-party-tokens": "プロキシは、期限のあるトークンで身元を証明します。",
  "istio-downstream-connections-limited": "ゲートウェイは、処理できる数を超える接続を受け付けません。",
  "istio-authorities-are-short-lived": "有効期間は、中間証明書が最長 90 日、ルート証明書が最長 1 年です。",
  "istio-authorities-use-p256": "認証局の鍵は、Istio が読めて、まだ誰にも破られていない P-256 です。",

  "cost-no-nat-gateway": "NAT ゲートウェイはありません。1 つにつき、1 時間 $0.045 と 1 GB $0.045 がかかります。",
  "cost-one-nat-gateway-per-cluster": "クラスターの NAT ゲートウェイは、多くても 1 つです。",
  "cost-few-nodes": "ノードグループは、最大でも 6 ノードまでしか増えません。",
  "cost-small-nodes": "ノードは、バースト可能または汎用のタイプで、xlarge までです。",
  "cost-small-disks": "ノードのディスクは gp3 で、100 GiB までです。",
  "cost-standard-support": "クラスターは、6 倍の料金を払い続けるのではなく、アップグレードします。",
  "cost-few-load-balancers": "クラスターのロードバランサーは、多くても 4 つです。",
  "cost-requests-are-stated": "どのコンテナも必要なリソースを示すので、ノードは過密にもならず、多すぎもしません。",
  "teardown-no-persistent-volumes":
    "ボリュームを求めるものはありません。Kubernetes が EBS や EFS に作るものは、クラスターがなくなっても残ります。",
  "teardown-disks-go-with-their-nodes": "ノードのディスクとインターフェイスは、ノードとともになくなります。",
  "teardown-nothing-is-protected":
    "`pulumi destroy` はすべてを削除できます。Pulumi でも AWS でも、保護されているものはありません。",
  "teardown-nothing-is-retained": "意図的に残すものはありません。",
  "teardown-load-balancers-have-time": "ロードバランサーの削除には、10 分の猶予があります。",
  "teardown-no-load-balancers-behind-our-back":
    "名前空間で Service を作れる人も、ロードバランサーは得られません。destroy が把握できないためです。",
  "teardown-everything-belongs-to-a-cluster": "料金がかかるものは、1 つのクラスターか、ラボ自身に属します。",
  "nodes-metadata-v2": "ノードが自分の認証情報の問い合わせに答えるのは、IMDSv2 だけです。",
  "nodes-disks-encrypted": "ノードのディスクは暗号化されます。",
  "nodes-without-ssh": "SSH でノードにログインする人はいません。",

  "urns-are-unique": "2 つのリソースが同じ URN を持つことはありません。",
  "every-resource-has-a-component": "どのリソースも、コンポーネントの下にあります。",
  "names-begin-with-the-parents": "名前は、親の名前で始まります。",
  "components-are-closed": "コンポーネントは、完成したことを知らせます。",
  "no-input-is-spoiled": "存在しなかった値から作られた入力はありません。",
  "every-resource-names-its-provider": "既定のプロバイダーに落ちるリソースはありません。",
  "objects-go-to-their-own-cluster": "オブジェクトは、自分を含むコンポーネントのクラスターに作られます。",
  "a-cluster-stays-in-its-region": "1 つのクラスターのものは、すべて 1 つのリージョンにあります。",
  "aws-providers-are-known-at-preview": "AWS プロバイダーは、何かが存在する前から分かっています。",
  "kubernetes-providers-are-safe": "Kubernetes プロバイダーは、kubeconfig を秘密に保ち、リソースを忘れません。",
  "every-call-names-its-provider": "既定のプロバイダーに落ちる参照はありません。",
  "istio-objects-follow-istiod": "Istio のオブジェクトは、istiod の後に作られます。",
  "pods-with-proxies-follow-istiod": "プロキシを持つ Pod は、istiod の後に作られます。",
  "istiod-follows-its-authority": "istiod は、ほかのクラスターが信頼する認証局とともに起動します。",
  "revision-tags-lead-to-an-istiod":
    "リビジョンタグは、そのクラスターのコントロールプレーンを指し、その後に作られます。",
  "pods-follow-their-revision": "リビジョンタグに従うものは、タグの後に作られます。",
  "remote-secrets-follow-their-tokens": "リモートシークレットは、中に入れるトークンを待ちます。",
  "objects-follow-nodes": "オブジェクトは、そのクラスターのノードとアドオンの後に作られます。",
  "every-service-has-pods": "セレクターのある Service は、どれも Pod を選択します。",
  "names-lead-to-pods-elsewhere": "何も選択しない Service には、別のクラスターに同じ名前の Pod があります。",
  "services-follow-their-pods": "Service は、自分が待つ Pod の後に作られます。",
  "what-owns-in-aws-is-deleted-itself":
    "AWS に何かを所有するものは、それ自身が削除されます。`deletedWith` は使いません。",
  "the-rest-goes-with-its-cluster": "AWS に何も所有しないオブジェクトは、クラスターとともになくなります。",
  "load-balancers-go-first": "ロードバランサーは、そのコントローラー、その権限、ノード、ルートより先に削除されます。",
  "nodes-go-before-their-rights": "ノードは、そのポリシーとルートより先に削除されます。",
  "releases-are-waited-for": "チャートは十分な時間をかけて待たれ、失敗したときは痕跡を残します。",
  "clusters-stand-alone":
    "トークンかアドレスを待つ場合と、リモートがプライマリを待つ場合を除き、ほかのクラスターを待つクラスターはありません。",
  "peerings-are-accepted": "どの VPC ピアリングも、もう一方のリージョンで承諾されます。",
  "every-route-table-knows-the-peers": "つながれた VPC のルートテーブルには、必ず相手へのルートがあります。",
  "pods-show-their-addresses-to-peers": "Pod は、つながれた VPC に対して、自分のアドレスを保ちます。",
  "links-outlive-nodes": "VPC 間のルートは、それを使うノードより後まで残ります。",
  "one-network-admits-its-pods": "1 つのネットワークのクラスターは、互いの Pod を受け入れます。",
  "private-nodes-reach-out": "プライベートノードには、存在する間ずっと、NAT を通る出口があります。",
  "readers-reach-the-api": "閉じた API は、それを読むすべての istiod を受け入れます。",
  "internal-gateways-are-reached": "VPC の中のゲートウェイには、メッシュのすべてのネットワークから到達できます。",
  "proxies-follow-the-secret-about-them":
    "リモートのプロキシは、istiod がそのリモートを読むためのシークレットの後に作られます。",
  "remotes-follow-the-way-to-istiod": "リモートは、プライマリの istiod への経路の後に作られます。",
  "istio-objects-are-read": "Istio のオブジェクトは、いずれかの istiod が読む場所にあります。",
  "secrets-stay-secret": "鍵とトークンは、どこへ渡っても秘密として扱われます。",
  "kubeconfigs-stay-secret": "kubeconfig は、秘密の出力です。",
  "everything-in-aws-is-tagged": "AWS でタグを付けられるものには、すべてラボの ID とスタックが付きます。",
  "no-security-group-is-open": "インターネット全体を受け入れるセキュリティグループはありません。",
  "records-lead-where-their-checks-look": "重み付きレコードの先は、そのヘルスチェックが見る先と同じです。",
  "health-checks-are-answered": "どの ingress ゲートウェイも、そのヘルスチェックの問い合わせに応答します。",
  "strangers-are-held-to-exports":
    "ルート証明書を信頼された別のメッシュが届くのは、そのメッシュに公開されたものだけです。",
  "gateways-open-nothing-more-to-strangers":
    "ゲートウェイがクラスターの全体に通じるのは、そのクラスターを知る相手に対してだけです。",
  "primaries-agree": "メッシュに適用されるものは、そのすべてのプライマリにあります。",
};

/** Why an exception is made, by its reason in English, since a policy may have several and none has a name. */
export const reasons: Readonly<Record<string, string>> = {
  "CloudWatch keeps what it was sent, and asks for it, after `pulumi destroy`. Whoever wants an audit turns it on where it is to stay.":
    "CloudWatch は、送られたものを `pulumi destroy` の後も保持し、料金を求めます。監査が必要なら、使い続けるところで有効にしてください。",
  "As above: $0.50 per GB that comes in, and log groups that outlive the lab.":
    "上と同じです。取り込みに 1 GB あたり $0.50 がかかり、ロググループはラボがなくなっても残ります。",
  "Istio's samples, which their pages let a reader call the API server from.":
    "Istio のサンプルです。Istio のページでは、読者がここから API サーバーを呼びます。",
  "Prometheus asks the API server for the pods and nodes whose metrics it gathers, and may do nothing else there.":
    "Prometheus は、メトリクスを集める Pod とノードを API サーバーに問い合わせます。そこでほかの操作は許されていません。",
  "EKS encrypts everything with a key of AWS's since Kubernetes 1.28 (https://docs.aws.amazon.com/eks/latest/userguide/envelope-encryption.html). A key of one's own costs $1 per month and cannot be deleted before seven days: destroy would leave it.":
    "EKS は、Kubernetes 1.28 から、すべてを AWS の鍵で暗号化します（ https://docs.aws.amazon.com/eks/latest/userguide/envelope-encryption.html ）。自分で管理する鍵は月 $1 かかり、7 日間は削除できないので、destroy の後に残ります。",
  "The address of whoever learns here is not known. `endpoint.publicAccessCidrs` closes it, and `lab plan` prints everything that is open to the world. A cluster whose nodes are private is not excused: it was to be closed.":
    "ここで学ぶ人のアドレスは分かりません。`endpoint.publicAccessCidrs` で閉じられ、`lab plan` は世界に開いているものをすべて表示します。ノードがプライベートなクラスターには、この例外を認めません。閉じるはずのものだからです。",
  "A lab without tenants has no NetworkPolicies to enforce.":
    "テナントのないラボには、適用する NetworkPolicy がありません。",
  "Istio's samples are called over plain HTTP; a certificate needs a domain, which a lab has none of.":
    "Istio のサンプルは、平文の HTTP で呼びます。証明書にはドメインが必要ですが、ラボにはドメインがありません。",
  "With `ingress.global` there is a domain, and no certificate yet that the lab could ask for: Istio's samples answer over plain HTTP there too.":
    "`ingress.global` があればドメインはありますが、ラボが要求できる証明書はまだありません。そこでも、Istio のサンプルは平文の HTTP で応答します。",
  "A tenant's people keep the Secrets of their own namespace. Their Role reaches into no other.":
    "テナントの人々は、自分の名前空間の Secret を管理します。その Role は、ほかの名前空間には及びません。",
  "A lab without tenants lets its samples call each other, as Istio's pages do.":
    "テナントのないラボでは、Istio のページと同じように、サンプルが互いを呼べます。",
  "Each tenant's namespace denies by default, and nothing else runs there. Samples beside tenants are not excused.":
    "どのテナントの名前空間も既定で拒否し、ほかには何も動いていません。テナントと並ぶサンプルには、この例外を認めません。",
  "It names another mesh's trust domain, all of it, and lets through what is exported there. Denying whoever is not of the own trust domain would deny users too, who come to the ingress gateway without a certificate.":
    "これは、別のメッシュのトラストドメイン全体を挙げ、そこに公開されたものだけを通します。自分のトラストドメイン以外をすべて拒否すると、証明書なしで ingress ゲートウェイに来る利用者まで拒否してしまいます。",
  "A lab has no domain: users call the load balancer by the name that AWS gives it.":
    "ラボにはドメインがありません。利用者は、AWS が付けた名前でロードバランサーを呼びます。",
  "With `ingress.global`, Route 53 asks each cluster for its health under the load balancer's own name, which nobody knows before it is there.":
    "`ingress.global` があると、Route 53 は、ロードバランサー自身の名前で各クラスターの健全性を問い合わせます。その名前は、できるまで誰にも分かりません。",
  "Istio's default, and what its pages show. `mesh.cni: true` changes it. Clusters with tenants are not excused: their pod security demands it.":
    "Istio の既定であり、Istio のページが示すものです。`mesh.cni: true` で変えられます。テナントのあるクラスターには、この例外を認めません。その Pod セキュリティが istio-cni を必要とするからです。",
  "Exercises look around in proxies. `mesh.values.istiod.global.variant: distroless` changes it.":
    "演習では、プロキシの中を見ます。`mesh.values.istiod.global.variant: distroless` で変えられます。",
  "`istioctl` asks there, and learning Istio is asking it. No load balancer leads to it.":
    "`istioctl` はここに問い合わせますし、Istio を学ぶとは、それを使って問い合わせることです。ここに通じるロードバランサーはありません。",
  "How many connections are too many depends on the nodes; load tests would measure the limit instead of the mesh.":
    "何本の接続が多すぎるかは、ノードによります。上限を設けると、負荷試験はメッシュではなく上限を測ることになります。",
  "The controller opens the cluster's own security group to its load balancers, and EKS makes that group without the mark by which a condition could tell it.":
    "コントローラーは、クラスター自身のセキュリティグループを、自分のロードバランサーに対して開きます。EKS が作るそのグループには、条件で見分けられる印が付いていません。",
  "Listeners and rules carry no mark when they are made, so no condition can hold them to the controller's own load balancers.":
    "リスナーとルールには、作られるときに印が付きません。そのため、コントローラー自身のロードバランサーに限る条件を書けません。",
  "The controller's own release asks for it without a mark, and that AWS heeds one where targets are registered has not been tried.":
    "コントローラーの公式リリースが、印による条件なしでこの権限を求めています。ターゲットの登録で AWS が印を考慮するかどうかは、試していません。",
  "It hands TLS on to istiod unopened, under the load balancer's name, which nobody knows before it is there.":
    "TLS を開かずに、ロードバランサーの名前のまま istiod へ渡します。その名前は、できるまで誰にも分かりません。",
  "Private nodes were asked for (`nodes.private`), and they reach nothing without it.":
    "プライベートノードが指定されていて（`nodes.private`）、NAT ゲートウェイがなければ、どこにも届きません。",
  "The cluster of an external control plane runs no workloads that could be called.":
    "外部コントロールプレーンのクラスターでは、呼び出されるワークロードが動いていません。",
};

/** Why a lab can neither break nor keep a policy of Pulumi's CIS pack, by its id. */
export const notApplicable: Readonly<Record<string, string>> = {
  "eks-ecr-image-scanning-enabled":
    "ラボは、イメージのリポジトリを作りません。イメージは、`artifacts` が示すところから取得します。",
  "eks-ecr-private-repository":
    "ラボは、イメージのリポジトリを作りません。イメージは、`artifacts` が示すところから取得します。",
};
