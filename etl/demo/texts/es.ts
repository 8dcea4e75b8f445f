// Spanish phrases.
import type { LanguagePack } from "./language-pack.ts";

export const spanish: LanguagePack = {
  greetings: ["Hola:", "Buenos días:", "Buenas tardes:", "Estimado equipo:"],
  asks: [
    "Espero su respuesta, gracias.",
    "Quiero un cambio o que me devuelvan el dinero.",
    "¿Qué solución me dan?",
    "¿Pueden mirarlo hoy, por favor?",
    "Puedo mandar fotos si hace falta.",
  ],
  closings: ["Un saludo", "Gracias", "Saludos cordiales", "Muchas gracias de antemano"],
  contacts: [
    "Mi teléfono es {phone}.",
    "Escríbanme a {email}, por favor.",
    "Pueden llamarme al {phone} o escribir a {email}.",
  ],
  faults: {
    earbuds: ["el auricular derecho ya no carga", "el izquierdo se corta todo el rato", "el estuche no cierra bien"],
    watch: ["la batería dura cuatro horas", "la pantalla se queda en negro", "la correa se soltó"],
    dress: ["se abrió la costura bajo el brazo", "la cremallera se atasca", "destiñó en el primer lavado"],
    sneakers: ["la suela se despega", "se abrió la costura de la punta", "la plantilla se sale"],
    kitchen: ["la junta pierde agua", "se apaga a los pocos segundos", "huele a quemado"],
    toy: ["dos piezas vinieron rajadas", "el mando no responde", "los imanes se caen"],
    lamp: ["la luz parpadea todo el tiempo", "el interruptor se calienta", "no se enciende"],
    bag: ["se rompió la cremallera", "se arrancó un asa", "el forro está roto"],
  },
  topics: {
    late_delivery: {
      subjects: ["¿Dónde está mi pedido {order}?", "El paquete no llega", "El seguimiento no avanza"],
      bodies: [
        "Hice el pedido hace {days} días y el paquete sigue sin llegar. El seguimiento no cambia.",
        "¿Dónde está el pedido {order}? Tenía que llegar la semana pasada.",
        "La fecha de entrega de {product} ya pasó y nadie sabe dónde está el paquete.",
        "El seguimiento muestra la misma línea desde el lunes.",
      ],
    },
    never_arrived: {
      subjects: ["El pedido {order} nunca llegó", "¿Paquete perdido?"],
      bodies: [
        "Después de {days} días el pedido {order} no ha llegado. Creo que se perdió.",
        "El transportista dice que no encuentra el paquete con {product}.",
        "No llegó nada: ni aviso, ni vecino, ni paquete.",
      ],
    },
    quality_defect: {
      subjects: ["{product} no funciona", "Artículo defectuoso, {order}", "Dejó de funcionar"],
      bodies: [
        "Llevo unos días usando {product} y ahora {fault}.",
        "Por desgracia {fault}. Esperaba más de {product}.",
        "Una semana bien y luego {fault}. No se ha caído ni mojado.",
        "Hay un problema con {product}: {fault}.",
      ],
    },
    size_too_small: {
      subjects: ["Me queda pequeño", "Talla pequeña, {order}"],
      bodies: [
        "Pedí mi talla de siempre, pero {product} me queda muy pequeño.",
        "{product} es al menos una talla menos que en la tabla.",
        "Seguí la guía de tallas y aun así {product} aprieta.",
      ],
    },
    size_too_large: {
      subjects: ["Me queda grande", "Necesito una talla menos"],
      bodies: [
        "{product} me queda grande, ¿puedo cambiarlo por una talla menos?",
        "Talla muy grande, me sobra por todas partes.",
        "{product} es mucho más ancho de lo esperado.",
      ],
    },
    poor_fit: {
      subjects: ["No sienta bien", "Duda sobre el corte"],
      bodies: [
        "La talla de {product} está bien, pero el corte no me sienta nada bien.",
        "Aprieta por un lado y sobra por otro.",
        "{product} queda raro, quiero devolverlo.",
      ],
    },
    not_as_described: {
      subjects: ["No es como se describe", "Distinto de las fotos"],
      bodies: [
        "{product} no se parece a las fotos de su página.",
        "La descripción promete funciones que {product} no tiene.",
        "El material no es el del anuncio.",
      ],
    },
    style_colour: {
      subjects: ["El color es distinto", "No es mi estilo"],
      bodies: [
        "El color de {product} es mucho más oscuro que en la foto.",
        "No me gusta cómo queda {product} al natural.",
        "A la luz del día el color no tiene nada que ver.",
      ],
    },
    damaged_in_transit: {
      subjects: ["Llegó dañado", "Roto en la entrega, {order}"],
      bodies: [
        "La caja venía aplastada y {product} llegó roto.",
        "Abrí el paquete y {product} estaba hecho pedazos. Casi sin protección.",
        "El paquete estaba mojado y golpeado, {product} tiene grietas.",
      ],
    },
    wrong_item: {
      subjects: ["Artículo equivocado", "No es lo que pedí"],
      bodies: [
        "Pedí {product} y recibí otra cosa.",
        "Enviaron el color y el modelo equivocados.",
        "La etiqueta dice {product}, pero dentro hay otro producto.",
      ],
    },
    missing_parts: {
      subjects: ["Faltan piezas", "Entrega incompleta"],
      bodies: [
        "Faltaba el cable en la caja de {product}.",
        "{product} llegó sin tornillos ni manual.",
        "He contado dos veces: a {product} le faltan piezas.",
      ],
    },
    changed_mind: {
      subjects: ["Cancelar / devolver", "Quiero devolverlo"],
      bodies: [
        "Ya no necesito {product} y quiero devolverlo.",
        "Por favor, cancelen el pedido {order}, fue un error.",
        "He encontrado otra cosa. ¿Cómo devuelvo {product}?",
      ],
    },
    usage_question: {
      subjects: ["¿Cómo funciona?", "Duda sobre {product}"],
      bodies: [
        "¿Cómo conecto {product} al móvil? No aparece en la lista.",
        "El manual de {product} es muy corto. ¿Cómo se reinicia?",
        "¿Cuánto hay que cargar {product} la primera vez?",
        "¿Se puede limpiar {product} con agua?",
      ],
    },
    customs_tax: {
      subjects: ["¿Gastos de aduana?", "Impuesto de importación"],
      bodies: [
        "El transportista me pide aduana por el pedido {order}. Su página dice que está todo incluido.",
        "Me pidieron pagar una tasa en la puerta. ¿Quién la paga?",
        "Mi paquete está en la aduana y piden una factura. ¿Me la pueden enviar?",
      ],
    },
    unclear_policy: {
      subjects: ["¿Cómo se devuelve?", "¿Quién paga la devolución?"],
      bodies: [
        "No encuentro en su página quién paga la devolución.",
        "¿Son 14 o 30 días? Sus condiciones dicen las dos cosas.",
        "¿A qué dirección envío la devolución? La página da tres.",
      ],
    },
    slow_service: {
      subjects: ["Sigo sin respuesta", "Segundo mensaje, {order}"],
      bodies: [
        "Escribí hace días y nadie ha contestado.",
        "Es mi segundo mensaje. ¿Alguien los lee?",
        "Espero respuesta desde la semana pasada, es demasiado.",
      ],
    },
    other: {
      subjects: ["Consulta", "Factura del pedido {order}", "Cambio de dirección"],
      bodies: [
        "¿Me pueden enviar una factura a nombre de mi empresa?",
        "Me he mudado, ¿se puede cambiar la dirección de {order}?",
        "El cupón no funcionó al pagar.",
      ],
    },
  },
  comments: {
    quality_defect: ["A la semana {fault}.", "Defectuoso: {fault}", "mala calidad, {fault}"],
    size_too_small: ["talla muy pequeña", "me aprieta mucho", "la tabla de tallas está mal, pequeño"],
    size_too_large: ["demasiado grande", "talla muy ancha"],
    poor_fit: ["corte raro", "no sienta bien en los hombros"],
    not_as_described: ["no es como en las fotos", 'decía "impermeable" y no lo es'],
    style_colour: ["el color es otro", "parece barato"],
    damaged_in_transit: ["caja aplastada, artículo roto", "cristal roto, sin protección", "llegó en pedazos"],
    wrong_item: ["otro modelo", "color equivocado"],
    missing_parts: ["falta el cable", "sin tornillos"],
    changed_mind: ["ya no lo necesito", "pedido por error", "más barato en otro sitio"],
    late_delivery: ["llegó tarde para el cumpleaños", "dos semanas tarde"],
  },
  good: ["Rápidos y amables, ¡gracias!", "Resuelto a la primera.", "Muy buena atención", "Todo perfecto"],
  bad: ["Tardaron demasiado.", "Respuestas automáticas.", "Sigue sin resolverse", "Tuve que escribir tres veces"],
};
