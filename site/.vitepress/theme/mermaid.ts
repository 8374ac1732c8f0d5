/** A diagram in Mermaid's language, drawn where it is read: https://mermaid.js.org/config/usage.html */
import { defineComponent, h, onMounted, ref, useId } from "vue";

export const MermaidDiagram = defineComponent({
  props: { text: { type: String, required: true } },
  setup(props) {
    const svg = ref("");
    const id = `diagram-${useId()}`;
    onMounted(async () => {
      const { default: mermaid } = await import("mermaid");
      mermaid.initialize({ startOnLoad: false, theme: "neutral" });
      ({ svg: svg.value } = await mermaid.render(id, decodeURIComponent(props.text)));
    });
    return () => h("div", { class: "mermaid", innerHTML: svg.value });
  },
});
