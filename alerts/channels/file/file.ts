// Writes the mail as an .eml file, which every mail program opens: for dry runs, and where a mail server picks files up.
import { mkdir } from "node:fs/promises";
import path from "node:path";
import { createTransport } from "nodemailer";
import { messageOf } from "../../../shared/errors.ts";
import { writeFileAtomic } from "../../../shared/files.ts";
import { ChannelSendError, type Channel, type Mail } from "../channel.ts";
import { mimeOptions } from "../mime.ts";

/** A channel into `folder`, created when missing. The same mail has the same name, so sending it twice leaves one file. */
export function fileChannel(folder: string): Channel {
  return {
    async send(mail) {
      const target = path.join(path.resolve(folder), fileNameOf(mail));
      const info = await createTransport({ streamTransport: true, buffer: true, newline: "windows" }).sendMail(
        mimeOptions(mail),
      );
      try {
        await mkdir(path.dirname(target), { recursive: true });
        await writeFileAtomic(target, info.message as Buffer);
      } catch (error) {
        throw new ChannelSendError(`the mail could not be written to ${target}: ${messageOf(error)}`, {
          retryable: false,
          state: "no mail was written.",
          advice: "Give --out a folder that you may write to.",
          cause: error,
        });
      }
      return `Wrote ${target} (no mail was sent).`;
    },
  };
}

function fileNameOf(mail: Mail): string {
  const version = mail.versionName.replace(/[^\w.-]/g, "_");
  const id =
    mail.messageId
      .replace(/^<|@.*$/g, "")
      .split(".")
      .at(-1)
      ?.slice(0, 12) ?? "mail";
  return `${version}-${id}.eml`;
}
