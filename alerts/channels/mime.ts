// A mail in nodemailer's terms: HTML with its pictures beside a text part.
import type { SendMailOptions } from "nodemailer";
import type { Mail } from "./channel.ts";

/** The message options shared by every channel that speaks MIME. */
export function mimeOptions(mail: Mail): SendMailOptions {
  return {
    from: mail.from,
    to: [...mail.to],
    subject: mail.subject,
    text: mail.text,
    html: mail.html,
    messageId: mail.messageId,
    date: mail.date,
    headers: { ...mail.headers },
    attachments: mail.images.map((image) => ({
      filename: image.fileName,
      content: Buffer.from(image.png),
      contentType: "image/png",
      contentDisposition: "inline" as const,
      cid: image.contentId,
    })),
    // Nothing in a mail may make nodemailer read a file or an address.
    disableFileAccess: true,
    disableUrlAccess: true,
  };
}
