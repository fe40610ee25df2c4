export function Message({ heading, text }: { heading: string; text: string }) {
  return (
    <s-stack gap="base">
      <s-heading>{heading}</s-heading>
      <s-text>{text}</s-text>
    </s-stack>
  );
}
