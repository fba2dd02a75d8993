import { Drawer, Modal } from "@mantine/core";
import type { ReactNode } from "react";

interface Props {
  title: ReactNode;
  opened: boolean;
  onClose: () => void;
  closeLabel: string;
  size?: number;
  children: ReactNode;
}

export function Dialog({ title, opened, onClose, closeLabel, size = 460, children }: Props) {
  return (
    <Modal
      opened={opened}
      onClose={onClose}
      title={title}
      size={size}
      centered
      closeButtonProps={{ "aria-label": closeLabel }}
    >
      {children}
    </Modal>
  );
}

/** A panel from the side; from below on a phone. */
export function Sheet({ title, opened, onClose, closeLabel, size = 470, children }: Props) {
  const phone = typeof window !== "undefined" && window.innerWidth < 640;
  return (
    <Drawer
      opened={opened}
      onClose={onClose}
      title={title}
      size={phone ? "88%" : size}
      position={phone ? "bottom" : "right"}
      closeButtonProps={{ "aria-label": closeLabel }}
    >
      {children}
    </Drawer>
  );
}
