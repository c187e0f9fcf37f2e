package answer_test

import "caique/internal/caiq"

func soc2(id string, change ...func(*caiq.Evidence)) caiq.Evidence {
	return evidence(caiq.Evidence{
		ID: id, Kind: caiq.SOC2Type2, Title: "SOC 2 Type II report", Issuer: "Audit LLP", Categories: []caiq.Category{caiq.Security},
		Opinion: caiq.Unqualified, From: date("2025-10-01"), To: date("2026-09-30"), Issued: date("2026-11-06"),
		ReliableUntil: date("2027-09-30"), Release: caiq.ReleaseNDA,
	}, change)
}

func iso(change ...func(*caiq.Evidence)) caiq.Evidence {
	return evidence(caiq.Evidence{
		ID: "iso", Kind: caiq.ISO27001, Title: "ISO/IEC 27001 certificate", Issuer: "Cert Ltd", System: "all of it",
		AsOf: date("2025-03-28"), Issued: date("2025-03-28"), ReliableUntil: date("2028-03-27"), Release: caiq.ReleasePublic,
	}, change)
}

func policy(id string, change ...func(*caiq.Evidence)) caiq.Evidence {
	return evidence(caiq.Evidence{
		ID: id, Kind: caiq.Policy, Title: "Access Policy", Owner: "Head of IT", Document: "Access Policy",
		Reviewed: date("2026-03-03"), ReliableUntil: date("2027-03-03"), Release: caiq.ReleasePublic,
	}, change)
}

func evidence(e caiq.Evidence, change []func(*caiq.Evidence)) caiq.Evidence {
	for _, c := range change {
		c(&e)
	}
	return e
}

// with adds evidence, or replaces that of the same id.
func with(e caiq.Evidence) func(*caiq.Profile) {
	return func(p *caiq.Profile) {
		if old := p.EvidenceByID(e.ID); old != nil {
			*old = e
			return
		}
		p.Evidence = append(p.Evidence, e)
	}
}
