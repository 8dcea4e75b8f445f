// Freshdesk (and Freshservice): the CSV of "Export tickets", whose columns the seller chooses. Times are the exporting agent's wall clock.
import type { Column, Source } from "../source.ts";

const column = (name: string, ...headers: string[]): Column => ({ name, headers });

export const freshdesk: Source = {
  system: "freshdesk",
  title: "Freshdesk",
  feeds: [
    {
      kind: "delimited",
      name: "tickets",
      extensions: [".csv"],
      delimiter: ",",
      quote: '"',
      columns: [
        { name: "ticket_id", headers: ["Ticket ID", "Display ID", "ID"], required: true },
        { name: "created_time", headers: ["Created time", "Created at", "Created date"], required: true },
        column("resolved_time", "Resolved time", "Resolved at"),
        column("closed_time", "Closed time", "Closed at"),
        column("last_update_time", "Last update time", "Last updated time", "Updated time", "Updated at"),
        column("initial_response_time", "Initial response time", "First response time", "First responded at"),
        column("first_response_hours", "First response time (in hrs)", "First response time (in hours)"),
        column("resolution_hours", "Resolution time (in hrs)", "Resolution time (in hours)"),
        column("subject", "Subject"),
        column("description", "Description"),
        column("status", "Status"),
        column("priority", "Priority"),
        column("source", "Source"),
        column("type", "Type", "Ticket type"),
        column("agent", "Agent"),
        column("agent_group", "Group"),
        column("agent_interactions", "Agent interactions"),
        column("tags", "Tags"),
        column("survey_results", "Survey results", "Survey result"),
        column("association_type", "Association type"),
        column("email", "Email", "Requester email", "Contact email", "Email address"),
        column("contact_id", "Contact ID", "Requester ID"),
        column("language", "Language", "Contact language"),
        // The seller's own fields, under the names they usually have; all others stay in `extra`.
        {
          name: "order_id",
          headers: [
            "Order number",
            "Order ID",
            "Order name",
            "Order no",
            "Order",
            "Bestellnummer",
            "Numéro de commande",
            "Número de pedido",
            "Número do pedido",
            "注文番号",
            "订单号",
          ],
        },
        column("product_id", "SKU", "Product SKU", "Item SKU"),
        {
          name: "reason",
          headers: [
            "Contact reason",
            "Reason for contact",
            "Ticket reason",
            "Reason",
            "Kontaktgrund",
            "Motif de contact",
            "Motivo de contacto",
            "Motivo do contato",
            "問い合わせ理由",
            "联系原因",
          ],
        },
      ],
    },
  ],
  bases: ["tickets"],
  entities: ["tickets", "survey_responses"],
};
