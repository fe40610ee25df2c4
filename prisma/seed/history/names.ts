/** Names and places that the demo's people are made of, by the language they read. */
export type PersonLanguage = 'en' | 'es' | 'fr';

const words = (text: string): readonly string[] => text.trim().split(/\s+/);

export const FIRST_NAMES: Readonly<Record<PersonLanguage, readonly string[]>> = {
  en: words(`Abigail Aiden Alice Amelia Andrew Anna Ava Benjamin Brooke Caleb Charlotte Chloe Claire Daniel David Eleanor
    Elena Eliana Ella Emily Ethan Evan Evelyn Finn Gavin Grace Hannah Harper Hazel Henry Ian Isaac Isla Jack Jade James Jasmine
    Jordan Joseph Julia Keisha Kevin Kira Laura Leah Leo Liam Lily Logan Lucas Lucy Maeve Marcus Maya Megan Mia Michael Molly
    Naomi Nathan Nia Noah Nolan Olivia Owen Paige Patrick Quinn Rachel Ravi Rebecca Riley Rohan Rose Ruby Ryan Sam Samuel Sara
    Simone Sophie Stella Theo Thomas Tyler Vanessa Violet Wesley Willow Zachary Zoe`),
  es: words(`Adriana Alba Alejandra Alejandro Alicia Andrea Antonio Beatriz Carla Carlos Carmen Claudia Cristina Daniela Diego
    Eduardo Elisa Emilio Esteban Fernando Gabriela Gonzalo Inés Irene Isabel Javier Jimena Jorge Laura Lorena Luis Manuel Marcos
    María Marina Marta Miguel Natalia Noelia Nuria Pablo Paloma Paula Pilar Rafael Raquel Rocío Rubén Sandra Sergio Silvia Sofía
    Teresa Valeria Verónica Ximena`),
  fr: words(`Adèle Agathe Alexandre Alice Antoine Arnaud Arthur Audrey Aurélie Baptiste Benoît Capucine Cécile Céline Charlotte
    Clément Coralie Damien Delphine Élise Élodie Émile Étienne Fabien Florence Gabriel Guillaume Hélène Hugo Inès Jeanne Julie
    Juliette Laurent Léa Léonie Louis Louise Lucie Manon Margaux Mathilde Maxime Mélanie Nicolas Noémie Olivier Pauline Quentin
    Rémi Romain Sabine Solène Sylvie Thibault Valentin Yann`),
};

export const LAST_NAMES: Readonly<Record<PersonLanguage, readonly string[]>> = {
  en: words(`Adams Allen Anderson Bailey Baker Bennett Brooks Brown Bryant Campbell Carter Chen Clark Coleman Collins Cooper Cruz
    Davis Diaz Edwards Ellis Evans Fisher Foster Garcia Gibson Goldberg Gray Green Griffin Hall Harris Hayes Henderson Hill
    Howard Hughes Jackson Jenkins Johnson Kelly Kim Lee Lewis Long Lopez Marshall Martin Mehta Miller Mitchell Moore Morgan
    Murphy Murray Nelson Nguyen Novak Nowak Okafor Parker Patel Perry Peterson Phillips Powell Price Reed Reyes Richardson
    Rivera Roberts Robinson Ross Russo Sanders Schmidt Scott Shah Simmons Singh Stewart Sullivan Taylor Thompson Torres Turner
    Walker Ward Washington Watson White Williams Wilson Wong Wright Yang Young`),
  es: words(`Aguilar Alonso Blanco Cabrera Campos Castillo Castro Cortés Delgado Domínguez Duarte Escobar Espinosa Flores Fuentes
    Gallego García Gil Gómez González Guerrero Gutiérrez Herrera Ibáñez Iglesias Jiménez León López Marín Márquez Medina
    Méndez Molina Montero Mora Morales Moreno Navarro Núñez Ortega Ortiz Pascual Peña Pérez Prieto Ramírez Ramos Reyes Ríos
    Rojas Romero Rubio Salazar Sánchez Santos Serrano Soto Suárez Torres Vargas Vázquez Vega Vidal`),
  fr: words(`Aubert Barbier Benoît Bernard Bertrand Blanchard Bonnet Boucher Bouvier Brun Caron Chevalier Clément Colin David
    Deschamps Dubois Dufour Dupont Durand Fabre Faure Fontaine Fournier Gagnon Garnier Gauthier Girard Guérin Henry Joly Lambert
    Laurent Lavoie Leblanc Leclerc Lefebvre Lemoine Leroy Marchand Martin Masson Mercier Meunier Michel Moreau Morin Noël
    Pelletier Perrin Petit Picard Renaud Rey Richard Rivière Robert Roussel Roux Roy Simon Tremblay Vasseur Vincent`),
};

export interface Place {
  readonly city: string;
  readonly province: string;
  readonly provinceCode: string;
  readonly country: string;
  readonly countryCode: string;
  readonly zip: string;
  readonly weight: number;
}

const place = (
  country: readonly [name: string, code: string],
  city: string,
  province: string,
  provinceCode: string,
  zip: string,
  weight = 1,
): Place => ({
  city,
  province,
  provinceCode,
  country: country[0],
  countryCode: country[1],
  zip,
  weight,
});

const US = ['United States', 'US'] as const;
const CA = ['Canada', 'CA'] as const;
const GB = ['United Kingdom', 'GB'] as const;
const ES = ['Spain', 'ES'] as const;
const MX = ['Mexico', 'MX'] as const;
const FR = ['France', 'FR'] as const;

const american: readonly Place[] = [
  place(US, 'New York', 'New York', 'NY', '10012', 6),
  place(US, 'Brooklyn', 'New York', 'NY', '11215', 6),
  place(US, 'Jersey City', 'New Jersey', 'NJ', '07302', 3),
  place(US, 'Boston', 'Massachusetts', 'MA', '02118', 3),
  place(US, 'Philadelphia', 'Pennsylvania', 'PA', '19147', 3),
  place(US, 'Chicago', 'Illinois', 'IL', '60614', 3),
  place(US, 'Columbus', 'Ohio', 'OH', '43215', 2),
  place(US, 'Austin', 'Texas', 'TX', '78704', 2),
  place(US, 'Denver', 'Colorado', 'CO', '80206', 2),
  place(US, 'Portland', 'Oregon', 'OR', '97214', 2),
  place(US, 'Seattle', 'Washington', 'WA', '98103', 2),
  place(US, 'San Francisco', 'California', 'CA', '94110', 2),
  place(US, 'Los Angeles', 'California', 'CA', '90026', 3),
  place(US, 'Atlanta', 'Georgia', 'GA', '30307', 2),
  place(US, 'Miami', 'Florida', 'FL', '33131', 2),
];

export const PLACES: Readonly<Record<PersonLanguage, readonly Place[]>> = {
  en: [
    ...american,
    place(CA, 'Toronto', 'Ontario', 'ON', 'M5V 2T6', 3),
    place(GB, 'London', 'England', 'ENG', 'E8 3RH', 2),
  ],
  es: [
    ...american,
    place(ES, 'Madrid', 'Madrid', 'M', '28004', 12),
    place(ES, 'Barcelona', 'Barcelona', 'B', '08012', 8),
    place(MX, 'Ciudad de México', 'Ciudad de México', 'DF', '06700', 6),
  ],
  fr: [
    place(CA, 'Montréal', 'Quebec', 'QC', 'H2T 1S6', 8),
    place(CA, 'Québec', 'Quebec', 'QC', 'G1R 4S9', 3),
    place(FR, 'Paris', 'Île-de-France', 'IDF', '75011', 6),
    place(FR, 'Lyon', 'Auvergne-Rhône-Alpes', 'ARA', '69001', 4),
    place(FR, 'Nantes', 'Pays de la Loire', 'PDL', '44000', 2),
    ...american.slice(0, 4),
  ],
};

export const STREETS = words(
  `Mill Cedar Orchard Lake Bay Peach Palm Quarry Maple Garden River Church Market Union Spring Chestnut`,
);
export const STREET_KINDS = words('Lane Avenue Road Street Court Row Place');
