/** One subscriber, as `POST /api/contacts/import` of the marketing suite takes it. */
export type SampleContact = {
	email: string;
	name: string;
	attributes: { firstName: string; city: string; interest: string; customerSince: string };
};

// name | city | interest | year of the first order. The domains below are reserved (RFC 2606):
// no mail to them can ever reach a person.
const PEOPLE = `
Amelia Hartley|Bristol|reading|2024
Noah Lindqvist|Gothenburg|camping|2023
Camille Rousseau|Lyon|interior design|2025
Mateo Herrera|Valencia|balcony|2024
Yuki Tanabe|Osaka|craft|2022
Priya Raman|Chennai|reading|2025
Liam O'Donnell|Galway|camping|2023
Zofia Kowalczyk|Gdańsk|interior design|2024
Hannes Breuer|Cologne|workshop|2021
Fatima El-Amin|Casablanca|dining|2025
Giulia Ferrante|Turin|dining|2022
Oluwaseun Adeyemi|Lagos|interior design|2025
Anouk van Dijk|Utrecht|balcony|2023
Tomás Carvalho|Porto|reading|2024
Ingrid Solberg|Bergen|camping|2022
Mei-Ling Chou|Taipei|craft|2025
Daniel Whitfield|Leeds|workshop|2021
Sofía Navarro|Seville|dining|2023
Arjun Mehta|Pune|reading|2024
Klara Novotná|Brno|interior design|2025
Elias Mäkinen|Tampere|camping|2022
Beatriz Almeida|Coimbra|balcony|2024
Jonas Petersen|Aarhus|workshop|2023
Leila Haddad|Tunis|dining|2025
Marek Dvořák|Prague|reading|2021
Chiara Lombardi|Bologna|interior design|2024
Samuel Okonkwo|Enugu|craft|2025
Freya Sandström|Uppsala|balcony|2022
Hugo Marchand|Nantes|camping|2023
Nadia Petrova|Plovdiv|reading|2024
Oscar Villanueva|Bilbao|dining|2025
Emma Schreiber|Leipzig|interior design|2022
Thabo Nkosi|Durban|balcony|2024
Lucía Paredes|Lima|craft|2025
Finn Gallagher|Cork|workshop|2021
Aiko Morimoto|Kyoto|reading|2023
Victor Ionescu|Cluj-Napoca|camping|2024
Helena Strand|Trondheim|dining|2022
Rafael Monteiro|Recife|balcony|2025
Clara Weiss|Graz|interior design|2023
Mohammed Rashid|Leicester|reading|2024
Elena Papadaki|Heraklion|dining|2025
Pieter De Smet|Ghent|workshop|2022
Sanna Virtanen|Turku|craft|2023
Andrés Quintero|Medellín|camping|2025
Margot Lefèvre|Lille|interior design|2024
Dominik Zając|Kraków|reading|2021
Ruth Abernathy|Dundee|balcony|2023
Kwame Mensah|Accra|dining|2025
Isabel Fontaine|Geneva|craft|2022`;

const DOMAINS = ['example.com', 'example.org', 'example.net', 'mail.example'];

function mailbox(name: string): string {
	return name
		.normalize('NFD')
		.replace(/\p{Diacritic}/gu, '')
		.toLowerCase()
		.replace(/[^a-z]+/g, '.');
}

/** 50 people of many places, all at domains that are reserved for examples. The same at every call. */
export function sampleContacts(): SampleContact[] {
	return PEOPLE.trim()
		.split('\n')
		.map((line, index) => {
			const [name = '', city = '', interest = '', year = ''] = line.split('|');
			const [firstName = ''] = name.split(' ');
			return {
				email: `${mailbox(name)}@${DOMAINS[index % DOMAINS.length] ?? 'example.com'}`,
				name,
				attributes: { firstName, city, interest, customerSince: year },
			};
		});
}
