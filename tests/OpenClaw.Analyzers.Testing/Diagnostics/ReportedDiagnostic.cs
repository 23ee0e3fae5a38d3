using Microsoft.CodeAnalysis;

namespace OpenClaw.Analyzers.Testing;

/// <summary>A diagnostic and the project in which it was reported: its file may be in several.</summary>
internal readonly record struct ReportedDiagnostic(Project Project, Diagnostic Diagnostic);
